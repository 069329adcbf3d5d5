/** Whether an environment's name may mean production: one that is wrongly taken for it only has to be named twice. */
export function isProduction(environment: string): boolean {
  return /prod|prd|live/i.test(environment);
}
