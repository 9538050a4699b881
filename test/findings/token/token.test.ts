import { expect } from "chai";
import { Interface, MaxUint256, Signature, ZeroAddress } from "ethers";
import type { BaseContract, ParamType, Result } from "ethers";
import { ethers } from "hardhat";

import { DeploymentFactory__factory } from "../../../typechain-types";
import { sum } from "../../support/allocator";
import { delegated } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import type { Emitted } from "../../support/events";
import { MAX, ONE, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { PERMIT_TYPES, SHARE_DOMAIN, domainOf } from "../../support/permit";

/** A value of a parameter: small, large, or of the caller, by the number of the try. */
function sample(parameter: ParamType, turn: number, self: string): unknown {
  if (parameter.isArray()) return turn === 0 ? [] : [sample(parameter.arrayChildren, turn, self)];
  if (parameter.isTuple()) return parameter.components.map((part) => sample(part, turn, self));
  if (parameter.type === "address") return [self, ZeroAddress, self][turn];
  if (parameter.type === "bool") return turn === 1;
  if (parameter.type === "string") return "share";
  if (parameter.type === "bytes") return ["0x", "0x00", "0xffffffff"][turn];
  if (parameter.type.startsWith("bytes"))
    return `0x${["00", "01", "ff"][turn]}`.padEnd(2 + 2 * Number(parameter.type.slice(5)), "0");
  const largest = 2n ** BigInt(parameter.type.replace(/^u?int/, "") || "256") - 1n;
  return [1n, largest < 1_000_000n * ONE ? largest / 2n : 1_000_000n * ONE, largest][turn];
}

async function implementationOf(proxy: string): Promise<string> {
  const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  return `0x${(await ethers.provider.getStorage(proxy, slot)).slice(26)}`;
}

/** Everything that a contract emitted after a block. */
async function logsSince(contract: BaseContract, block: number): Promise<Emitted[]> {
  const found = await ethers.provider.getLogs({
    address: await contract.getAddress(),
    fromBlock: block + 1,
    toBlock: "latest",
  });
  return found
    .map((log) => contract.interface.parseLog(log))
    .filter((log) => log !== null)
    .map(({ name, args }) => ({ name, args }));
}

function add<Key>(map: Map<Key, bigint>, key: Key, value: bigint): void {
  map.set(key, (map.get(key) ?? 0n) + value);
}

describe("findings: the share token", () => {
  it("A01: no function of any contract mints for a stranger, whatever its arguments", async () => {
    const context = await fixture();
    const { pool, token, delegator, autoClaim, lens, manager, factory, polygon, actors } = context;
    await delegated(context, 999n * ONE);
    const [stranger] = (await ethers.getSigners()).slice(60);
    const supply = await token.totalSupply();
    const contracts = [pool, token, delegator, autoClaim, lens, manager, factory];
    let tried = 0;
    for (const contract of contracts) {
      const addresses = [await contract.getAddress()];
      const behind = await implementationOf(addresses[0] ?? "");
      if (behind !== ZeroAddress) addresses.push(behind);
      for (const method of changingFunctionsOf(contract)) {
        for (const [turn, to] of [0, 1, 2].flatMap((number) => addresses.map((at) => [number, at] as const))) {
          const data = new Interface([method]).encodeFunctionData(
            method,
            method.inputs.map((input) => sample(input, turn, stranger?.address ?? "")),
          );
          tried += 1;
          await stranger?.sendTransaction({ to, data, gasLimit: 5_000_000 }).catch(() => undefined);
        }
      }
    }
    expect(tried).to.be.greaterThan(200);
    expect(await token.totalSupply()).to.equal(supply);
    expect(await token.balanceOf(actors.treasury)).to.equal(0);
    const { buffer, principal, unbonding } = await delegator.ledger();
    expect(await pool.convertToAssets(supply)).to.be.at.most(buffer + principal + unbonding);
    expect(await polygon.pol.balanceOf(stranger ?? ZeroAddress)).to.equal(0);
  });

  it("A01: implementations are nobody's, and the factory makes nothing any more", async () => {
    const { pool, token, delegator, factory, manager, actors } = await fixture();
    const at = await implementationOf(await token.getAddress());
    await expect(token.attach(at).getFunction("initialize")(manager)).to.be.revertedWithCustomError(
      token,
      "InvalidInitialization",
    );
    for (const proxy of [pool, token, delegator]) {
      await expect(proxy.connect(actors.stranger).upgradeToAndCall(at, "0x"))
        .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
        .withArgs(actors.stranger.address);
    }
    const closed = DeploymentFactory__factory.connect(await factory.getAddress(), actors.deployer);
    await expect(closed.deploy(ethers.id("another"), "0x00")).to.be.revertedWithCustomError(factory, "FactoryClosed");
  });

  it("A02: no role mints, and none burns what another holds", async () => {
    const context = await fixture();
    const { token, actors } = context;
    await delegated(context, 100n * ONE);
    const { deployer, upgrader, manager, guardian, treasury } = actors;
    for (const role of [deployer, upgrader, manager, guardian, treasury]) {
      const by = token.connect(role);
      await expect(by.mint(role, 1)).to.be.revertedWithCustomError(token, "NotPool").withArgs(role.address);
      for (const spender of [role, actors.alice]) {
        await expect(by.burn(actors.alice, spender, 1))
          .to.be.revertedWithCustomError(token, "NotPool")
          .withArgs(role.address);
      }
      await expect(context.pool.connect(role).requestRedeem(1, role, actors.alice))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(role.address, 0, 1);
    }
    expect(await token.balanceOf(actors.alice)).to.equal(100n * ONE);
  });

  it("A03: balances, supply and queue can be rebuilt from the events alone", async () => {
    const context = await fixture();
    const { pool, token, actors } = context;
    const { alice, bob, carol } = actors;
    const steps = [
      () => pool.connect(alice).deposit(300n * ONE, alice),
      () => pool.connect(bob).stakeMatic(77n * ONE, carol, 0, MAX),
      () => pool.delegate(MAX),
      () => checkpoints(context),
      () => pool.harvest([]),
      () => checkpoints(context),
      () => token.connect(alice).transfer(bob, 40n * ONE),
      () => pool.connect(carol).mint(12n * ONE, carol),
      () => pool.connect(alice).requestRedeem(100n * ONE, alice, alice),
      () => pool.connect(bob).requestRedeem(15n * ONE, bob, bob),
      () => pool.connect(alice).requestRedeem(7n * ONE, alice, alice),
      () => pool.settleBatch(),
      () => checkpoints(context),
      () => pool.connect(carol).requestRedeem(33n * ONE, carol, carol),
      () => pool.settleBatch(),
      () => unbond(context),
      () => pool.finalizeBatch(1),
      () => pool.connect(alice).claim([requestId(1n, alice.address)], alice, alice),
    ];
    const from = await ethers.provider.getBlockNumber();
    const supply = await token.totalSupply();
    const owed = await pool.totalOwed();
    for (const step of steps) await step();

    const logs = [...(await logsSince(token, from)), ...(await logsSince(pool, from))];
    const of = (name: string): Result[] => named(logs, name);
    const balances = new Map<string, bigint>();
    for (const { from: giver, to, value } of of("Transfer")) {
      add(balances, giver as string, -(value as bigint));
      add(balances, to as string, value as bigint);
    }
    const requests = new Map<bigint, bigint>();
    for (const { requestId: id, shares } of of("RedeemRequest")) add(requests, id as bigint, shares as bigint);
    const staked = sum(of("Deposit").map(({ shares }) => shares as bigint));
    const asked = sum(of("RequestQueued").map(({ assets }) => assets as bigint));
    const paid = sum(of("Withdraw").map(({ assets }) => assets as bigint));
    for (const { address } of [alice, bob, carol, actors.treasury]) {
      expect(balances.get(address) ?? 0n).to.equal(await token.balanceOf(address));
    }
    expect(-(balances.get(ZeroAddress) ?? 0n)).to.equal((await token.totalSupply()) - supply);
    expect(asked - paid).to.equal((await pool.totalOwed()) - owed);
    const minted = of("Transfer").filter(
      ({ from: giver, to }) => giver === ZeroAddress && to !== actors.treasury.address,
    );
    expect(staked).to.equal(sum(minted.map(({ value }) => value as bigint)));
    for (const [id, shares] of requests) {
      const claimed = id === requestId(1n, alice.address);
      expect((await pool.requestOf(id)).shares).to.equal(claimed ? 0n : shares);
    }
  });

  it("A03: every movement is told once, in one unit", async () => {
    const context = await fixture();
    const { pool, token, actors } = context;
    const staking = await pool.connect(actors.alice).deposit(10n * ONE, actors.alice);
    expect((await eventsOf(token, staking)).map(({ name }) => name)).to.deep.equal(["Transfer"]);
    expect(await eventsOf(pool, staking)).to.deep.equal([
      { name: "Deposit", args: [actors.alice.address, actors.alice.address, 10n * ONE, 10n * ONE] },
    ]);
    const asking = await pool.connect(actors.alice).requestRedeem(4n * ONE, actors.alice, actors.alice);
    expect((await eventsOf(token, asking)).map(({ name }) => name)).to.deep.equal(["Transfer"]);
    expect((await eventsOf(pool, asking)).map(({ name }) => name)).to.deep.equal(["RedeemRequest", "RequestQueued"]);
  });

  it("A04: a permit counts once, for its signer, chain and contract", async () => {
    const context = await fixture();
    const { token, actors } = context;
    const domain = await domainOf(token, SHARE_DOMAIN);
    const { alice, bob, stranger } = actors;
    const message = { owner: alice.address, spender: bob.address, value: 5n, nonce: 0n, deadline: MaxUint256 };
    const submit = async (signature: string, value = 5n, at = token): Promise<unknown> => {
      const { v, r, s } = Signature.from(signature);
      return at.connect(stranger).permit(alice, bob, value, MaxUint256, v, r, s);
    };
    const implementation = await implementationOf(await token.getAddress());
    const refused = [
      await bob.signTypedData(domain, PERMIT_TYPES, message),
      await alice.signTypedData({ ...domain, chainId: 1n }, PERMIT_TYPES, message),
      await alice.signTypedData({ ...domain, name: "Ankr Staked POL" }, PERMIT_TYPES, message),
      await alice.signTypedData({ ...domain, verifyingContract: implementation }, PERMIT_TYPES, message),
      await alice.signTypedData(domain, PERMIT_TYPES, { ...message, nonce: 1n }),
    ];
    for (const signature of refused) {
      await expect(submit(signature)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    }
    const good = await alice.signTypedData(domain, PERMIT_TYPES, message);
    await expect(submit(good, 6n)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    const bare = token.attach(implementation) as typeof token;
    await expect(submit(good, 5n, bare)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    const zeros = `0x${"00".repeat(64)}1b`;
    await expect(submit(zeros)).to.be.revertedWithCustomError(token, "ECDSAInvalidSignature");

    await submit(good);
    expect(await token.allowance(alice, bob)).to.equal(5);
    await expect(submit(good)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
  });
});
