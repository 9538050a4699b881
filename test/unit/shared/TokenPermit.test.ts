import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { PolygonEcosystemToken__factory } from "../../../typechain-types";
import type { PolygonEcosystemToken } from "../../../typechain-types";
import { POL_DOMAIN, signNextPermit } from "../../support/permit";
import { HostileToken__factory, TokenPermit__Harness__factory } from "../../typechain-types";
import type { TokenPermit__Harness } from "../../typechain-types";

const VALUE = 7n * 10n ** 18n;
/** What POL says of an allowance that does not do. */
const SHORT = "ERC20: insufficient allowance";

interface World {
  readonly token: PolygonEcosystemToken;
  readonly shop: TokenPermit__Harness;
  readonly alice: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
}

async function deploy(): Promise<World> {
  const [deployer, alice, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const token = await new PolygonEcosystemToken__factory(deployer).deploy();
  for (const user of [alice, stranger]) await token.mint(user, 10n * VALUE);
  return { token, shop: await new TokenPermit__Harness__factory(deployer).deploy(), alice, stranger };
}

describe("TokenPermit", () => {
  let world: World;
  let deadline: bigint;

  beforeEach(async () => {
    world = await loadFixture(deploy);
    deadline = BigInt(await time.latest()) + 1_000n;
  });

  /** A permit of alice for the shop. */
  async function permitOf(value = VALUE, until = deadline) {
    const { token, shop, alice } = world;
    const terms = { spender: await shop.getAddress(), value, deadline: until };
    const { v, r, s } = await signNextPermit(alice, token, POL_DOMAIN, terms);
    return { value, deadline: until, v, r, s };
  }

  it("gives the allowance that the caller signed, once", async () => {
    const { token, shop, alice } = world;
    const permit = await permitOf();
    await expect(shop.connect(alice).pay(token, VALUE, permit)).to.changeTokenBalances(
      token,
      [alice, shop],
      [-VALUE, VALUE],
    );
    expect(await token.allowance(alice, shop)).to.equal(0n);
    expect(await token.nonces(alice)).to.equal(1n);
    await expect(shop.connect(alice).pay(token, VALUE, permit)).to.be.revertedWith(SHORT);
  });

  it("A18: works when somebody has submitted the permit before", async () => {
    const { token, shop, alice, stranger } = world;
    const permit = await permitOf();
    await token.connect(stranger).permit(alice, shop, permit.value, permit.deadline, permit.v, permit.r, permit.s);
    await expect(shop.connect(alice).pay(token, VALUE, permit)).to.changeTokenBalance(token, shop, VALUE);
  });

  it("A18: is of no use to anyone but its signer, whose coins never pay for another's call", async () => {
    const { token, shop, alice, stranger } = world;
    const permit = await permitOf();
    await expect(shop.connect(stranger).pay(token, VALUE, permit)).to.be.revertedWith(SHORT);
    await shop.connect(stranger).submit(token, permit);
    expect(await token.allowance(stranger, shop)).to.equal(0n);
    expect(await token.allowance(alice, shop)).to.equal(0n);
    expect(await token.nonces(alice)).to.equal(0n);
  });

  it("does not stand in the way of an allowance that is there: late, wrong or empty, it is ignored", async () => {
    const { token, shop, alice } = world;
    await token.connect(alice).approve(shop, 3n * VALUE);
    const late = await permitOf(VALUE, BigInt(await time.latest()) - 1n);
    const good = await permitOf();
    const none = `0x${"00".repeat(32)}`;
    for (const permit of [late, { ...good, v: 26 }, { value: 0n, deadline: 0n, v: 0, r: none, s: none }]) {
      await shop.connect(alice).pay(token, VALUE, permit);
    }
    expect(await token.allowance(alice, shop)).to.equal(0n);
    expect(await token.nonces(alice)).to.equal(0n);
  });

  it("that cannot be used leaves the allowance as it was, and that decides", async () => {
    const { token, shop, alice } = world;
    const late = await permitOf(VALUE, BigInt(await time.latest()) - 1n);
    await expect(shop.connect(alice).pay(token, VALUE, late)).to.be.revertedWith(SHORT);
    await expect(shop.connect(alice).pay(token, VALUE, await permitOf(VALUE - 1n))).to.be.revertedWith(SHORT);
  });

  it("is ignored by a token that knows no permits", async () => {
    const { shop, alice } = world;
    const token = await new HostileToken__factory(alice).deploy();
    await token.mint(alice, VALUE);
    await token.approve(shop, VALUE);
    await expect(shop.connect(alice).pay(token, VALUE, await permitOf())).to.changeTokenBalance(token, shop, VALUE);
  });

  it("reverts for a token without code, which could not be paid with either", async () => {
    const { shop, alice, stranger } = world;
    await expect(shop.connect(alice).submit(stranger, await permitOf())).to.be.revertedWithoutReason();
  });
});
