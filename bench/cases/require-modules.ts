import { reportUsage } from "../report-usage";

/** Loads modules, and fails where the provider's barrel came with them. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- what is measured is require
for (const name of process.argv.slice(2)) require(name);
const barrel = Object.keys(require.cache).filter((file) => /provider-aws\/lib\/index\.js$/.test(file));
if (barrel.length > 0) throw new Error(`the provider's barrel was loaded: ${barrel.join()}`);
reportUsage();
