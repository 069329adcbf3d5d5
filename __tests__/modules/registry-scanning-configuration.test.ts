import { RegistryScanningConfiguration, RegistryScanningConfigurationProps } from "../../modules";
import { onlyResource, synth } from "../helpers/synth";

function configurationOf(props: RegistryScanningConfigurationProps) {
  return onlyResource(
    synth((stack) => new RegistryScanningConfiguration(stack, "scanning", props)),
    "aws_ecr_registry_scanning_configuration",
  );
}

describe("RegistryScanningConfiguration", () => {
  test("scans basically and on push what is under the prefixes", () => {
    expect(configurationOf({ prefixes: ["prod", "dev"] })).toEqual({
      scan_type: "BASIC",
      rule: [
        {
          scan_frequency: "SCAN_ON_PUSH",
          repository_filter: [
            { filter: "dev/*", filter_type: "WILDCARD" },
            { filter: "prod/*", filter_type: "WILDCARD" },
          ],
        },
      ],
    });
  });

  test("takes type, frequency and further filters", () => {
    const props = { type: "ENHANCED", frequency: "CONTINUOUS_SCAN", additionalFilters: ["app-*"] } as const;
    expect(configurationOf({ ...props, prefixes: ["prod"] })).toEqual({
      scan_type: "ENHANCED",
      rule: [
        {
          scan_frequency: "CONTINUOUS_SCAN",
          repository_filter: [
            { filter: "app-*", filter_type: "WILDCARD" },
            { filter: "prod/*", filter_type: "WILDCARD" },
          ],
        },
      ],
    });
  });

  test("refuses continuous scanning without Inspector", () => {
    expect(() => configurationOf({ prefixes: [], frequency: "CONTINUOUS_SCAN" })).toThrow(
      '[test/scanning] frequency must be SCAN_ON_PUSH with BASIC scanning, got "CONTINUOUS_SCAN"; write type: "ENHANCED"',
    );
  });
});
