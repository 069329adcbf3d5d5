/* eslint-disable @typescript-eslint/unbound-method -- it is a function of V8 that knows no `this` */
import { Lazy } from "cdktf";
import { withoutCreationStacks } from "../../stacks/without-creation-stacks";

const creationStack = () => Lazy.anyValue({ produce: () => "" }).creationStack;

afterEach(() => {
  delete process.env.CDKTN_DISABLE_CREATION_STACK;
});

test("tokens do not write down where they were made, and do again afterwards", () => {
  const { captureStackTrace } = Error;
  expect(withoutCreationStacks(creationStack)).toEqual([]);
  expect(Error.captureStackTrace).toBe(captureStackTrace);
  expect(creationStack().length).toBeGreaterThan(1);
});

test("errors keep their stack trace, and so does what is captured for anything else", () => {
  const failing = () => {
    throw new Error("on purpose");
  };
  const { captureStackTrace } = Error;
  expect(() => withoutCreationStacks(failing)).toThrow(
    expect.objectContaining({ stack: expect.stringContaining("failing") as string }),
  );
  expect(Error.captureStackTrace).toBe(captureStackTrace);
  const captured = withoutCreationStacks(() => {
    const own: { stack?: string } = {};
    Error.captureStackTrace(own);
    return own;
  });
  expect(captured.stack).toContain("withoutCreationStacks");
});

test("the variable of CDK Terrain keeps them", () => {
  process.env.CDKTN_DISABLE_CREATION_STACK = "false";
  expect(withoutCreationStacks(creationStack).length).toBeGreaterThan(1);
});
