import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";

import { DEFAULTS, NOBODY, parseParams } from "../../deploy/params";
import { deploySystem, finishSystem, startValidators } from "../../deploy/system";
import type { System } from "../../deploy/system";
import { addLocalValidator, deployLocalStaking } from "../../scripts/conformance/localStaking";
import { HostileToken__factory } from "../typechain-types";
import type { HostileToken } from "../typechain-types";

import { FIRST_ID, MAX, ONE } from "./fixture";
import { unwatchLedgers } from "./ledgers";

/** The whole system with a POL and a MATIC that can misbehave; both behave until told otherwise. */
export interface HostileSystem extends System {
  readonly system: System;
  readonly pol: HostileToken;
  readonly matic: HostileToken;
  /** Holds 1,000 of each coin, and has approved the pool. */
  readonly user: HardhatEthersSigner;
}

/** Deploys it by the same modules as production. The watch over the ledgers is off: what it would say is the test's matter. */
export async function deployHostileSystem(): Promise<HostileSystem> {
  unwatchLedgers();
  const [deployer, upgrader, manager, guardian, treasury, owner, signer, user] = await ethers.getSigners();
  if (!deployer || !upgrader || !manager || !guardian || !treasury || !owner || !signer || !user) {
    throw new Error("The network has too few accounts: give it at least 8.");
  }
  const pol = await new HostileToken__factory(deployer).deploy();
  const matic = await new HostileToken__factory(deployer).deploy();
  const polygon = await deployLocalStaking(deployer);
  const validator = { owner: owner.address, signer: signer.address, stake: ONE };
  await addLocalValidator(polygon, { id: FIRST_ID, ...validator });
  const params = parseParams({
    ...DEFAULTS,
    genesis: NOBODY,
    maxShareBps: 10_000n,
    polygon: {
      stakeManager: await polygon.stakeManager.getAddress(),
      pol: await pol.getAddress(),
      matic: await matic.getAddress(),
      migration: await polygon.migration.getAddress(),
    },
    roles: { upgrader: upgrader.address, manager: manager.address, guardian: guardian.address },
    treasury: treasury.address,
  });
  await pol.mint(deployer, params.seedWei);
  const system = await deploySystem(deployer, params);
  await startValidators(system, [{ id: FIRST_ID, weightBps: 10_000n, capBps: 10_000n }]);
  await finishSystem(system, params);
  for (const coin of [pol, matic]) {
    await coin.mint(user, 1_000n * ONE);
    await coin.connect(user).approve(system.pool, MAX);
  }
  return { ...system, system, pol, matic, user };
}
