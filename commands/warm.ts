import { Command } from "commander";
import { warm, WarmedImage } from "../operations";
import { EXIT, runCommand, UserMistake } from "./command-line";
import { connect, LiveOptions, withLiveOptions } from "./live-registry";
import { printJson } from "./output";
import { withProgress } from "./progress-bar";
import { readImages } from "./read-images";
import { count } from "./table";
import { warnShutOut } from "./warn-shut-out";
import { printError } from "./print";

interface Options extends LiveOptions {
  readonly rate: number;
}

const command = withLiveOptions(
  new Command("warm")
    .description("Make ECR import images before anybody pulls them. What is there already is left alone.")
    .argument("<file>", "images by their upstream names, a line each; # begins a comment"),
)
  .option("--rate <number>", "how many images a minute, at most", toRate, 60)
  .action(async (file: string, options: Options) => {
    const { environment, port } = connect(options);
    const images = readImages(file);
    warnShutOut(environment, options.assumeRole ? environment.assumeRole?.roleArn : undefined);
    const warmed = await withProgress("importing", (progress, print) => {
      const report = (one: WarmedImage, done: number, of: number) => {
        if (!options.json) print(lineOf(one));
        progress(done, of);
      };
      return warm(port, environment, images, { perMinute: options.rate, report });
    });
    if (options.json) printJson({ command: "warm", environment: environment.name, images: warmed });
    const failed = warmed.filter(({ outcome }) => outcome === "failed").length;
    if (failed === 0) return;
    process.exitCode = EXIT.off;
    printError(`${count(failed, "image")} failed: help/warm.md has the reasons; run it again for what is left`);
  });

void runCommand(command, "help/warm.md");

const WIDEST_OUTCOME = "there already".length;

function lineOf({ image, repository, outcome, reason }: WarmedImage): string {
  const where = repository === undefined ? image : `${image} in ${repository}`;
  return `${outcome.padEnd(WIDEST_OUTCOME)}  ${where}${reason === undefined ? "" : `: ${reason}`}`;
}

function toRate(text: string): number {
  const rate = Number(text);
  if (rate > 0) return rate;
  throw new UserMistake(`--rate takes a number above 0, not ${text}`);
}
