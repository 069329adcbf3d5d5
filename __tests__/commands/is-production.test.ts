import { isProduction } from "../../commands/is-production";

test.each(["prod", "prod1", "prodeu", "myprod", "production2", "eu-prd", "live", "Prod"])(
  "%s may be production",
  (name) => {
    expect(isProduction(name)).toBe(true);
  },
);

test.each(["dev", "staging", "qa", "hub"])("%s is not production", (name) => {
  expect(isProduction(name)).toBe(false);
});
