import { expect } from "chai";
import type { BaseContract } from "ethers";

import { GUARDIAN, MANAGER, UPGRADER } from "../../deploy/access";
import { BRIDGE } from "../../deploy/bridge";
import { POLYGON_NAMES } from "../../deploy/polygon";
import { NAMES } from "../../deploy/system";
import { delayOf } from "../../scripts/docs/audit/powers";
import { OPEN, RIGHTS } from "../../scripts/docs/audit/powers/rights";
import { ACCESS_MANAGER, changingFunctions } from "../../scripts/docs/audit/powers/surface";
import type { Changing } from "../../scripts/docs/audit/powers/surface";
import type { AccessManager } from "../../typechain-types";
import { bridgedFixture } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { changingFunctionsOf } from "../support/functions";
import { zeroCall } from "../support/zeroCall";

/** A contract of the deployment, and the manager of its chain. */
interface Deployed {
  readonly contract: BaseContract;
  readonly manager: AccessManager;
}

/** Errors that tell callers that a function is not theirs. */
const REFUSALS = new Set([
  "AccessManagedUnauthorized",
  "AccessManagerUnauthorizedAccount",
  ...RIGHTS.flatMap(({ refusal }) => refusal ?? []),
]);

describe("audit/powers.md", () => {
  let context: BridgedContext;
  let surface: readonly Changing[];
  let deployed: readonly (readonly [string, Deployed])[];

  before(async () => {
    surface = await changingFunctions();
  });

  beforeEach(async () => {
    context = await bridgedFixture();
    const { child, manager, bridge } = context;
    const on = (under: AccessManager, contract: BaseContract): Deployed => ({ contract, manager: under });
    deployed = [
      [ACCESS_MANAGER, on(manager, manager)],
      [ACCESS_MANAGER, on(child.manager, child.manager)],
      ["DeploymentFactory", on(manager, context.factory)],
      ["DeploymentFactory", on(child.manager, child.factory)],
      ["AutoClaim", on(manager, context.autoClaim)],
      [BRIDGE, on(manager, bridge)],
      ...(["token", "pool", "delegator", "bond", "switcher"] as const).map(
        (name) => [NAMES[name], on(manager, context[name])] as const,
      ),
      ...(["token", "feed", "adapter", "swap"] as const).map(
        (name) => [POLYGON_NAMES[name], on(child.manager, child[name])] as const,
      ),
    ];
  });

  /** Name of the error with which a call of nothing but zeros, by somebody without any right, is refused. */
  async function refusalOf(contract: BaseContract, name: string): Promise<string | undefined> {
    const abi = contract.interface;
    const method = abi.getFunction(name);
    if (method === null) throw new Error(`there is no function ${name}`);
    const call = { to: await contract.getAddress(), data: zeroCall(abi, method) };
    const data = await context.actors.stranger.call(call).then(
      () => "0x",
      (error: unknown) => (error as { data?: string }).data ?? "0x",
    );
    return data === "0x" ? undefined : abi.parseError(data)?.name;
  }

  it("covers every contract that takes orders, and every contract of the system with functions that change state", () => {
    const names = new Set(deployed.map(([name]) => name));
    const rest = surface.filter(({ contract }) => !names.has(contract)).map(({ contract, name }) => [contract, name]);
    expect(rest).to.deep.equal([["AprOracle", "snapshot"]]);
    for (const [name, { contract }] of deployed) {
      const rows = surface.filter((one) => one.contract === name).map(({ selector }) => selector);
      expect(rows.sort()).to.deep.equal(
        changingFunctionsOf(contract)
          .map(({ selector }) => selector)
          .sort(),
      );
    }
  });

  it("each function of the tables is its role's, after its delay", async () => {
    const { upgrader, manager: holder, guardian, stranger } = context.actors;
    const holders = [
      [UPGRADER, upgrader, context.params.delays.upgraderSeconds],
      [MANAGER, holder, context.params.delays.managerSeconds],
      [GUARDIAN, guardian, 0n],
    ] as const;
    for (const [name, { contract, manager }] of deployed) {
      for (const { selector, role, name: method } of surface.filter((one) => one.contract === name)) {
        if (role === undefined) continue;
        const what = `${name}.${method}`;
        expect(await manager.getTargetFunctionRole(contract, selector), what).to.equal(role);
        expect(await manager.canCall(stranger, contract, selector), what).to.deep.equal([false, 0n]);
        for (const [held, account, delay] of holders) {
          const mine = held === role;
          expect(await manager.canCall(account, contract, selector), what).to.deep.equal([
            mine && delay === 0n,
            mine ? delay : 0n,
          ]);
        }
      }
    }
    expect([UPGRADER, MANAGER, GUARDIAN].map(delayOf)).to.deep.equal(["7 days", "1 day", "none"]);
    const { upgraderSeconds, managerSeconds } = context.params.delays;
    expect([upgraderSeconds, managerSeconds]).to.deep.equal([7n * 86_400n, 86_400n]);
  });

  it("a stranger is refused by the AccessManager in these functions, and in no others", async () => {
    for (const [name, { contract }] of deployed) {
      const expected = name === ACCESS_MANAGER ? "AccessManagerUnauthorizedAccount" : "AccessManagedUnauthorized";
      const refused: string[] = [];
      for (const { name: method } of changingFunctionsOf(contract)) {
        if ((await refusalOf(contract, method)) === expected) refused.push(method);
      }
      const rows = surface.filter((one) => one.contract === name && one.role !== undefined).map((one) => one.name);
      const own = name !== ACCESS_MANAGER && contract.interface.hasFunction("setAuthority") ? ["setAuthority"] : [];
      expect(refused.sort(), name).to.deep.equal([...rows, ...own].sort());
    }
  });

  it("rights without a role are refused to a stranger by the error that their row names", async () => {
    for (const { functions, refusal } of RIGHTS) {
      if (refusal === undefined) continue;
      for (const [owner, methods] of Object.entries(functions)) {
        for (const [name, { contract }] of deployed) {
          for (const method of methods) {
            const here = owner === name || (owner === "*" && contract.interface.hasFunction(method));
            if (here) expect(await refusalOf(contract, method), `${name}.${method}`).to.equal(refusal);
          }
        }
      }
    }
  });

  it("what is open to anyone refuses nobody for who they are", async () => {
    for (const [name, { contract }] of deployed) {
      const { own = [], anyone = [] } = OPEN[name] ?? {};
      for (const method of [...own, ...anyone]) {
        const refusal = await refusalOf(contract, method);
        expect(refusal !== undefined && REFUSALS.has(refusal), `${name}.${method}: ${refusal}`).to.equal(false);
      }
    }
  });
});
