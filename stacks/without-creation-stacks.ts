/**
 * Does work in which the engine's tokens do not write down where they were made: a stack trace each, of any depth, which
 * is a quarter of a synthesis and shows only in the engine's own errors about a token.
 *
 * CDK Terrain asks the variable `CDKTN_DISABLE_CREATION_STACK` for it, CDKTF has no such option. So the question that
 * both put to V8, for an object that is no error, is left without an answer; the stack traces of errors stay as they
 * are. `CDKTN_DISABLE_CREATION_STACK=false` keeps them all, to look for a mistake in a construct.
 *
 * @see https://github.com/open-constructs/cdk-terrain
 */
export function withoutCreationStacks<T>(work: () => T): T {
  if (process.env.CDKTN_DISABLE_CREATION_STACK === "false") return work();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is a function of V8 that knows no `this`
  const { captureStackTrace } = Error;
  Error.captureStackTrace = (target, below) => {
    if (!isAskedByTokens(target)) captureStackTrace(target, below);
  };
  try {
    return work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}

/** The engine asks with a plain object that has an empty `stack` and nothing else. */
function isAskedByTokens(target: object): boolean {
  return Object.getPrototypeOf(target) === Object.prototype && "stack" in target && target.stack === "";
}
