import { createRequire } from "node:module";
import path from "node:path";

import Mocha from "mocha";
import type { Hook, Test } from "mocha";

import { ROOT } from "../lib/files";

/** The first test that failed. */
export interface Failure {
  readonly title: string;
  /** It took too long, which may be the machine's fault. */
  readonly timeout: boolean;
}

/** All tests but those that compare code with what was built, which any change of it fails. */
const JUDGES = /^(?!.*is safe to upgrade)/;

// Loaded as tests are, by their paths. The watch over the ledgers of this process is one more killer.
const load = createRequire(__filename);
const { freshChain } = load(path.join(ROOT, "test/support/freshChain.ts")) as { freshChain: () => Promise<void> };
const { mochaHooks: rootHooks } = load(path.join(ROOT, "test/support/ledgers.ts")) as {
  mochaHooks: Mocha.RootHookObject;
};

const suites = new Map<string, Mocha>();

/** Runs a file of tests on a new chain up to the first failure; a file is loaded once. */
export async function runSuite(file: string, timeout: number, title?: string): Promise<Failure | undefined> {
  await freshChain();
  let suite = suites.get(file);
  if (suite === undefined) {
    suite = new Mocha({ bail: true, timeout, rootHooks, reporter: Silent, forbidPending: true });
    suite.cleanReferencesAfterRun(false).addFile(path.join(ROOT, file));
    suites.set(file, suite);
  }
  suite.grep(title === undefined ? JUDGES : new RegExp(`^${title.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`));
  return run(suite);
}

async function run(suite: Mocha): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    let failure: Failure | undefined;
    suite
      .run((failures) => {
        resolve(failures === 0 ? undefined : (failure ?? { title: "", timeout: false }));
      })
      .on("fail", (failed: Test | Hook, error: { code?: string }) => {
        failure ??= { title: titleOf(failed), timeout: error.code === "ERR_MOCHA_TIMEOUT" };
      });
  });
}

/** A hook that fails stands for the test that it was run for, or for the group of a `before`. */
function titleOf(failed: Test | Hook): string {
  if (failed.type !== "hook") return failed.fullTitle();
  return failed.ctx?.currentTest?.fullTitle() ?? failed.parent?.fullTitle() ?? failed.fullTitle();
}

/** Prints nothing: what is found goes to who started the worker. */
class Silent extends Mocha.reporters.Base {}
