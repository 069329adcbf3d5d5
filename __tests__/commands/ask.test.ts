import { isConfirmed } from "../../commands/ask";

afterEach(() => jest.restoreAllMocks());

test.each([
  ["yes", true],
  ["y", true],
  [" Yes ", true],
  ["no", false],
  ["n", false],
  ["", false],
])("the answer %j is taken for %s, and after a no it is said that nothing was changed", async (answer, expected) => {
  const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const questions: string[] = [];
  const put = (question: string) => {
    questions.push(question);
    return Promise.resolve(answer);
  };
  expect(await isConfirmed(put, "Change 50 repositories?")).toBe(expected);
  expect(questions).toEqual(["Change 50 repositories? (yes/no) "]);
  expect(printed.mock.calls).toEqual(expected ? [] : [["nothing was changed"]]);
});
