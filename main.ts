import { EnvironmentError, EnvironmentFileError, synthesize } from "./stacks";
import { environments } from "./stacks/environments";

try {
  for (const { name, file, warnings } of synthesize(environments)) {
    console.log(`${name}: ${file}`);
    for (const warning of warnings) console.error(`  warning: ${warning}`);
  }
} catch (error) {
  // What the user wrote is wrong, not the program: a stack trace would hide the list.
  if (!(error instanceof EnvironmentError || error instanceof EnvironmentFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
