import { expect } from "chai";
import { AbiCoder, ZeroHash, id, toBeHex } from "ethers";
import { ethers } from "hardhat";

import { bridgedFixture, deliver } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { FLOOR, lastTime, withdrawalAtTheFloor } from "../../support/bridgeEnds";
import { MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, SWITCH_CAP, legacyFixture, threeHolders } from "../../support/legacy";
import { set } from "../../support/switcher";

/** Root of a namespace, by the formula of ERC-7201; the inner hash is padded to a whole word. */
function rootOf(namespace: string): string {
  const inner = AbiCoder.defaultAbiCoder().encode(["uint256"], [BigInt(id(namespace)) - 1n]);
  return toBeHex(BigInt(ethers.keccak256(inner)) & ~0xffn, 32);
}

describe("storage namespaces (ERC-7201)", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    const { pool, actors } = context;
    await pool.connect(actors.alice).deposit(100n * ONE, actors.alice);
    await pool.delegate(MAX);
    await pool.connect(actors.alice).requestRedeem(ONE, actors.alice, actors.alice);
    await pool.settleBatch();
    await pool.connect(actors.bob).stakeAndClaimCerts(ONE);
  });

  it("S7201-1: the formula gives the check value of the standard, and OpenZeppelin's own roots", () => {
    expect(rootOf("example.main")).to.equal("0x183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500");
    expect(rootOf("openzeppelin.storage.Initializable").slice(0, 10)).to.equal("0xf0c57e16");
    expect(rootOf("openzeppelin.storage.EIP712").slice(0, 10)).to.equal("0xa16a46d9");
  });

  for (const [contract, namespaces] of [
    ["pool", ["PoolLedger", "ExitLedger"]],
    ["delegator", ["AssetLedger", "ValidatorSet", "Unbonding"]],
  ] as const) {
    for (const namespace of namespaces) {
      it(`S7201-1: the ${contract} keeps the state of ${namespace} under its root`, async () => {
        const root = rootOf(`ankrmatic.storage.${namespace}`);
        expect(await ethers.provider.getStorage(context[contract], root)).not.to.equal(ZeroHash);
      });
    }
  }

  it("S7201-1: the first word of the pool's ledger has the totals, the second the stream and the cap", async () => {
    const { pool, token, params } = context;
    const root = BigInt(rootOf("ankrmatic.storage.PoolLedger"));
    const first = BigInt(await ethers.provider.getStorage(pool, root));
    const width = (1n << 104n) - 1n;
    expect(first & width).to.equal(await pool.totalPooled());
    expect((first >> 104n) & width).to.equal(await token.totalSupply());
    expect(first >> 240n).to.equal(params.feeBps);
    const second = BigInt(await ethers.provider.getStorage(pool, root + 1n));
    expect((second >> 184n) & ((1n << 40n) - 1n)).to.equal(params.assetCapWei / ONE);
  });

  it("S7201-3: the bases of OpenZeppelin keep their state under their own roots", async () => {
    const { pool, delegator, token, bond, switcher, manager } = context;
    for (const contract of [pool, delegator, token, bond, switcher]) {
      const initialized = await ethers.provider.getStorage(contract, rootOf("openzeppelin.storage.Initializable"));
      expect(BigInt(initialized)).to.equal(1n);
      const managed = await ethers.provider.getStorage(contract, rootOf("openzeppelin.storage.AccessManaged"));
      expect(BigInt(managed)).to.equal(BigInt(await manager.getAddress()));
    }
  });

  it("S7201-3: the share's balances are where OpenZeppelin's ERC-20 has them, and its count of the supply is not kept", async () => {
    const { token, actors } = context;
    const root = rootOf("openzeppelin.storage.ERC20");
    const holder = AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [actors.alice.address, root]);
    const balance = BigInt(await ethers.provider.getStorage(token, ethers.keccak256(holder)));
    expect(balance).to.equal(await token.balanceOf(actors.alice));
    expect(balance).to.equal(99n * ONE);
    expect(await ethers.provider.getStorage(token, BigInt(root) + 2n)).to.equal(ZeroHash);
  });
});

describe("storage namespaces of the legacy side (ERC-7201)", () => {
  const SHARES = 40n * ONE;
  let context: Context;

  /** The word of a contract at a root, or behind it. */
  async function word(contract: "bond" | "switcher", root: string, offset = 0n): Promise<bigint> {
    return BigInt(await ethers.provider.getStorage(context[contract], BigInt(root) + offset));
  }

  /** Where a mapping keeps what it has of an account. */
  function entryOf(account: string, mapping: bigint): string {
    return ethers.keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, mapping]));
  }

  beforeEach(async () => {
    context = await legacyFixture();
    await context.switcher.connect(context.actors.alice).switchShares(SHARES, context.actors.alice);
  });

  it("S7201-1: BondLedger has all shares at its root, and each holder's behind it", async () => {
    const root = rootOf("ankrmatic.storage.BondLedger");
    expect(await word("bond", root)).to.equal(3n * GENESIS_SHARES - SHARES);
    const { alice, bob } = context.actors;
    expect(await word("bond", entryOf(alice.address, BigInt(root) + 1n))).to.equal(GENESIS_SHARES - SHARES);
    expect(await word("bond", entryOf(bob.address, BigInt(root) + 1n))).to.equal(GENESIS_SHARES);
  });

  it("S7201-1: BondGenesis has the root of the list at its own, then the batches and those minted", async () => {
    const root = rootOf("ankrmatic.storage.BondGenesis");
    const tree = await threeHolders();
    expect(await word("bond", root)).to.equal(BigInt(tree.root));
    expect(await word("bond", root, 1n)).to.equal((2n << 128n) | 2n);
  });

  it("S7201-1: the first word of BondSwitcher has the cap, the count, the pause and the fee, the second the limit", async () => {
    const { switcher, actors } = context;
    const root = rootOf("ankrmatic.storage.BondSwitcher");
    const fee = 30n << 224n;
    expect(await word("switcher", root)).to.equal(SWITCH_CAP | (SHARES << 96n) | fee);
    expect(await word("switcher", root, 1n)).to.equal(86_400n << 208n);
    await set(context, "setDailyLimit", 9n * ONE);
    await switcher.connect(actors.guardian).pauseSwitches(60n);
    const { pausedUntil } = await switcher.parameters();
    const limited = 1n << 240n;
    expect(await word("switcher", root)).to.equal(SWITCH_CAP | (SHARES << 96n) | (pausedUntil << 192n) | fee | limited);
    expect(await word("switcher", root, 1n)).to.equal((9n * ONE) | (86_400n << 208n));
  });

  it("S7201-3: OpenZeppelin's own balances of aMATICb stay empty, its allowances do not", async () => {
    const { alice } = context.actors;
    const root = rootOf("openzeppelin.storage.ERC20");
    expect(await word("bond", entryOf(alice.address, BigInt(root)))).to.equal(0n);
    expect(await word("bond", root, 2n)).to.equal(0n);
    const allowances = BigInt(entryOf(alice.address, BigInt(root) + 1n));
    expect(await word("bond", entryOf(await context.switcher.getAddress(), allowances))).to.equal(MAX);
  });
});

describe("storage namespace of the bridge's end on Ethereum (ERC-7201)", () => {
  const root = BigInt(rootOf("ankrmatic.storage.BridgeAdapter"));
  let context: BridgedContext;

  const word = async (slot: bigint | string): Promise<bigint> =>
    BigInt(await ethers.provider.getStorage(context.bridge, slot));
  const entryOf = (type: string, key: string | bigint, mapping: bigint): string =>
    ethers.keccak256(AbiCoder.defaultAbiCoder().encode([type, "uint256"], [key, mapping]));

  /** 7,000 are locked, and of 3,000 that came back 1,000 wait. */
  beforeEach(async () => {
    context = await bridgedFixture();
    const { bridge, actors } = context;
    await bridge.connect(actors.alice).bridge(10_000n * ONE, actors.bob);
    await deliver(context);
    await bridge.receiveMessage(await withdrawalAtTheFloor(context, 3_000n * ONE));
  });

  it("S7201-1: the first word has what is locked, the cap, the pause and the last number: all that a deposit reads", async () => {
    const { bridge, actors, bridgeParams } = context;
    await bridge.connect(actors.guardian).pauseBridging(60n);
    const { pausedUntil } = await bridge.parameters();
    expect(await word(root)).to.equal(
      (7_000n * ONE) | (bridgeParams.lockCapWei << 96n) | (pausedUntil << 192n) | (1n << 224n),
    );
  });

  it("S7201-1: behind it are what waits, the limit, the numbers and the exits that were used, and who waits for how much", async () => {
    const { bridge, actors } = context;
    expect(await word(root + 1n)).to.equal(1_000n * ONE);
    expect(await word(root + 2n)).to.equal(FLOOR | (86_400n << 208n));
    const bucket = await word(entryOf("bytes32", ZeroHash, root + 3n));
    expect(bucket).to.equal(FLOOR | ((await lastTime()) << 208n));
    expect(await word(entryOf("uint256", 0n, root + 4n))).to.equal(1n << 1n);
    const [proven] = await bridge.queryFilter(bridge.filters.WithdrawalReceived());
    expect(await word(entryOf("bytes32", proven?.args.exitId ?? "", root + 5n))).to.equal(1n);
    expect(await word(entryOf("address", actors.carol.address, root + 6n))).to.equal(1_000n * ONE);
  });

  it("S7201-3: OpenZeppelin's bases keep their state under their own roots, and plain slots are empty", async () => {
    const { manager } = context;
    expect(await word(rootOf("openzeppelin.storage.Initializable"))).to.equal(1n);
    expect(await word(rootOf("openzeppelin.storage.AccessManaged"))).to.equal(BigInt(await manager.getAddress()));
    for (let slot = 0n; slot < 20n; slot++) expect(await word(slot)).to.equal(0n);
  });
});
