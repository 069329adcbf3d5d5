import { withProgress } from "../../commands/progress-bar";

const terminal = process.stderr.isTTY;
beforeEach(() => (process.stderr.isTTY = false));
afterEach(() => {
  process.stderr.isTTY = terminal;
  jest.restoreAllMocks();
});

test("without a terminal a line tells from time to time how far the work is", async () => {
  const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const clock = jest.spyOn(Date, "now").mockReturnValue(0);
  const result = await withProgress("reading", (progress) => {
    for (let done = 1; done <= 30; done++) {
      clock.mockReturnValue(done * 1000);
      progress(done, 30);
    }
    return Promise.resolve("done");
  });
  expect(result).toBe("done");
  expect(printed.mock.calls).toEqual([["reading: 10 of 30"], ["reading: 20 of 30"], ["reading: 30 of 30"]]);
});

test("lines of the result are printed while the progress is shown", async () => {
  const printed = jest.spyOn(console, "log").mockImplementation(() => undefined);
  await withProgress("importing", (progress, print) => {
    print("imported nginx");
    progress(1, 1);
    return Promise.resolve();
  });
  expect(printed.mock.calls).toEqual([["imported nginx"]]);
});

test("a bar never turns off the wrapping of lines, so that Ctrl-C leaves the terminal as it was", async () => {
  process.stderr.isTTY = true;
  const written: string[] = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  for (const name of ["cursorTo", "clearLine", "moveCursor"] as const) {
    const { [name]: before } = process.stderr;
    process.stderr[name] = () => true;
    process.once("beforeExit", () => (process.stderr[name] = before as never));
  }
  await withProgress("reading", async (progress) => {
    progress(1, 2);
    await new Promise((resolve) => setTimeout(resolve, 150));
    progress(2, 2);
  });
  expect(written.join("")).toContain("reading");
  expect(written.join("")).not.toContain("\u001b[?7l");
});
