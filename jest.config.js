// The same sources and tests run on CDK Terrain, the living fork of CDKTF, under the names of CDKTF. Its provider needs
// Node.js 22: only `npm run test:cdktn` installs it.
const cdkTerrain = {
  "^cdktf$": "<rootDir>/node_modules/cdktn",
  "^@cdktf/provider-aws/(.*)$": "<rootDir>/.ci/cdktn/node_modules/@cdktn/provider-aws/$1",
};

/** What knows no engine: plain functions, servers, and commands, which run in processes of their own, on CDKTF. */
const WITHOUT_ENGINE = "<rootDir>/__tests__/(?:commands|ecr-server|operations)/";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // Nothing is timed: this only ends what hangs. Commands that tests start take long on a machine that is busy.
  testTimeout: 300_000,
  // Many tests wait for commands that they started: leaving a core free, as Jest does, would only make them wait longer.
  maxWorkers: "100%",
  // Types are checked once for the whole project by `npm run typecheck`, which `npm test` runs first;
  // checking them again in every test file would double the time of a run and find nothing more.
  transform: { "^.+\\.ts$": "ts-jest" },
  moduleNameMapper: process.env.ENGINE === "cdktn" ? cdkTerrain : {},
  testPathIgnorePatterns: ["/node_modules/", ...(process.env.ENGINE === "cdktn" ? [WITHOUT_ENGINE] : [])],
};
