#!/usr/bin/env node
import { printError } from "./print";

/** The program of the package: `ecr-cache <command>`. Only the command that is asked for is loaded. */
const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  audit: () => import("./audit"),
  check: () => import("./check"),
  cleanup: () => import("./cleanup"),
  clients: () => import("./clients"),
  "diff-env": () => import("./diff-env"),
  explain: () => import("./explain"),
  export: () => import("./export"),
  help: () => import("./help"),
  images: () => import("./images"),
  new: () => import("./new"),
  policy: () => import("./policy"),
  report: () => import("./report"),
  synth: () => import("./synth"),
  usage: () => import("./usage"),
  verify: () => import("./verify"),
  warm: () => import("./warm"),
};

const [name = "help"] = process.argv.splice(2, 1);
const load = COMMANDS[["--help", "-h"].includes(name) ? "help" : name];
if (load === undefined) {
  printError(`error: no command is called ${name}; there are ${Object.keys(COMMANDS).join(", ")}`);
  process.exitCode = 1;
} else void load();
