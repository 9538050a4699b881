import { expect } from "chai";
import type { BaseContract } from "ethers";

import { genesisTree } from "../../../scripts/lib/genesis";
import type { GenesisTree } from "../../../scripts/lib/genesis";
import { AMATICb__factory, BondSwitcher__factory, ERC1967Proxy__factory } from "../../../typechain-types";
import type { AMATICb, BondSwitcher } from "../../../typechain-types";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { unwatchLedgers } from "../../support/ledgers";
import { Reenterer__factory } from "../../typechain-types";
import type { Reenterer } from "../../typechain-types";

/** Calls by the name of their function, encoded. */
type Calls = Readonly<Record<string, string>>;

/** What the contracts around answer with: any amount that everything can go on with. */
const ANSWER = ONE;

describe("re-entrance, if ankrMATIC, the pool or aMATICb came back", () => {
  let context: Context;
  let hostile: Reenterer;
  let tree: GenesisTree;

  beforeEach(async () => {
    context = await fixture();
    unwatchLedgers();
    const { deployer, bob } = context.actors;
    hostile = await new Reenterer__factory(deployer).deploy();
    tree = genesisTree([{ holder: bob.address, shares: 10n }]);
  });

  async function proxied(implementation: BaseContract, initialization: string): Promise<string> {
    const proxy = await new ERC1967Proxy__factory(context.actors.deployer).deploy(implementation, initialization);
    return proxy.getAddress();
  }

  /** Every pair of a first call and one that comes back while it runs reverts. */
  async function expectGuarded(victim: AMATICb | BondSwitcher, calls: Calls, outward: Calls): Promise<void> {
    for (const [first, data] of Object.entries(calls)) {
      const selector = outward[first] ?? expect.fail(`${first} calls nobody`);
      for (const [second, comeback] of Object.entries(calls)) {
        await hostile.arm(ANSWER, selector, victim, comeback);
        await expect(hostile.exec(victim, data), `${second} during ${first}`).to.be.revertedWithCustomError(
          victim,
          "ReentrancyGuardReentrantCall",
        );
      }
      await hostile.arm(ANSWER, "0xffffffff", victim, "0x");
    }
  }

  it("A16: no function of aMATICb that moves value can be entered during another", async () => {
    const { deployer } = context.actors;
    const implementation = await new AMATICb__factory(deployer).deploy(hostile, hostile, hostile);
    const { interface: face } = implementation;
    const start = [await context.manager.getAddress(), tree.root, 1n] as const;
    const at = await proxied(implementation, face.encodeFunctionData("initialize", [...start]));
    const bond = AMATICb__factory.connect(at, deployer);
    const self = await hostile.getAddress();
    const [{ holdings } = { holdings: [] }] = tree.batches;
    const release = [self, 0n, self, self, 0n] as const;
    const { pool, token } = context;
    const [request, transfer] = [
      pool.interface.getFunction("requestRedeem").selector,
      token.interface.getFunction("transfer").selector,
    ];
    await expectGuarded(
      bond,
      {
        unstakeBonds: face.encodeFunctionData("unstakeBonds", [0n]),
        unstakeShares: face.encodeFunctionData("unstakeShares", [0n]),
        releaseBonds: face.encodeFunctionData("releaseBonds", [...release]),
        releaseShares: face.encodeFunctionData("releaseShares", [...release]),
        mintGenesis: face.encodeFunctionData("mintGenesis", [0n, [...holdings], []]),
      },
      {
        unstakeBonds: request,
        unstakeShares: request,
        releaseBonds: transfer,
        releaseShares: transfer,
        mintGenesis: token.interface.getFunction("transferFrom").selector,
      },
    );
  });

  it("A16: no switch can be entered during another", async () => {
    const { deployer, treasury, carol } = context.actors;
    const implementation = await new BondSwitcher__factory(deployer).deploy(hostile, treasury);
    const { interface: face } = implementation;
    const start = [await context.manager.getAddress(), 30n, 1_000n * ONE, 0n] as const;
    const at = await proxied(implementation, face.encodeFunctionData("initialize", [...start]));
    const switcher = BondSwitcher__factory.connect(at, deployer);
    const { bond } = context;
    const [byBonds, byShares] = [
      bond.interface.getFunction("releaseBonds").selector,
      bond.interface.getFunction("releaseShares").selector,
    ];
    const permit = { value: 0n, deadline: 0n, v: 27n, r: tree.root, s: tree.root };
    const { address } = carol;
    await expectGuarded(
      switcher,
      {
        switchBonds: face.encodeFunctionData("switchBonds", [ONE, address]),
        switchShares: face.encodeFunctionData("switchShares", [ONE, address]),
        switchUpTo: face.encodeFunctionData("switchUpTo", [ONE, address]),
        switchBondsWithPermit: face.encodeFunctionData("switchBondsWithPermit", [ONE, address, permit]),
        switchSharesWithPermit: face.encodeFunctionData("switchSharesWithPermit", [ONE, address, permit]),
        switchUpToWithPermit: face.encodeFunctionData("switchUpToWithPermit", [ONE, address, permit]),
      },
      {
        switchBonds: byBonds,
        switchShares: byShares,
        switchUpTo: byShares,
        switchBondsWithPermit: byBonds,
        switchSharesWithPermit: byShares,
        switchUpToWithPermit: byShares,
      },
    );
  });
});
