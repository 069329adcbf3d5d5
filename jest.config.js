/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // Types are checked once for the whole project by `npm run typecheck`, which `npm test` runs first;
  // checking them again in every test file would double the time of a run and find nothing more.
  transform: { "^.+\\.ts$": "ts-jest" },
};
