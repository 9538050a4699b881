import { POL_DOMAIN, signNextPermit } from "../lib/permit";

import type { Exit } from "./cast";
import type { Account, World } from "./world";

const NO_LIMIT = 2n ** 40n;

/** What came of a stake: assets paid, or shares that were asked for by number. */
export type Entered = { readonly assets: bigint } | { readonly shares: bigint };

/** The account stakes all that it brought, in its way. */
export async function enter(world: World, account: Account): Promise<Entered> {
  const { signer, amount } = account;
  const pool = world.system.pool.connect(signer);
  switch (account.entry) {
    case "deposit":
      await pool.deposit(amount, signer);
      break;
    case "depositWithPermit": {
      const spender = await world.system.pool.getAddress();
      const terms = { spender, value: amount, deadline: NO_LIMIT };
      const { v, r, s } = await signNextPermit(signer, world.polygon.pol, POL_DOMAIN, terms);
      await pool.depositWithPermit(amount, signer, NO_LIMIT, v, r, s);
      break;
    }
    case "stake":
      await pool.stake(amount, signer, await leastShares(world, amount), NO_LIMIT);
      break;
    case "stakeMatic":
      await pool.stakeMatic(amount, signer, await leastShares(world, amount), NO_LIMIT);
      break;
    case "stakeAndClaimCerts":
      await pool.stakeAndClaimCerts(amount);
      break;
    case "mint": {
      const shares = await leastShares(world, amount);
      await pool.mint(shares, signer);
      return { shares };
    }
  }
  return { assets: amount };
}

/** The account asks for a part of its stake back. */
export async function ask(world: World, { signer }: Account, exit: Exit): Promise<{ given: bigint; owned: bigint }> {
  const { token, autoClaim } = world.system;
  const pool = world.system.pool.connect(signer);
  const owned = await token.balanceOf(signer);
  const given = (owned * exit.percent) / 100n;
  if (exit.payout === "autoClaim") await pool.setOperator(autoClaim, true);
  if (exit.request === "unstakeCerts") await pool.unstakeCerts(given, 0n, 0n, "0x");
  else await pool.requestRedeem(given, signer, signer);
  return { given, owned };
}

/** The account is paid, in its way. */
export async function collect(world: World, { signer }: Account, exit: Exit): Promise<void> {
  const pool = world.system.pool.connect(signer);
  const ids = [...(await pool.requestsOf(signer))];
  switch (exit.payout) {
    case "claim":
      await pool.claim(ids, signer, signer);
      break;
    case "claimInMatic":
      await pool.claimInMatic(ids, signer, signer);
      break;
    case "redeem":
      await pool.redeem(await pool.maxRedeem(signer), signer, signer);
      break;
    case "autoClaim":
      // Not the staker's call, and paid to the staker all the same.
      await world.system.autoClaim.connect(world.stranger).claim(signer);
      break;
  }
}

/** What an account has, in POL wei: both coins and the value of its shares. */
export async function wealthOf({ polygon, system }: World, { signer }: Account): Promise<bigint> {
  const block = { blockTag: "latest" };
  const parts = await Promise.all([
    polygon.pol.balanceOf(signer, block),
    polygon.matic.balanceOf(signer, block),
    system.token.balanceWithRewardsOf(signer, block),
  ]);
  return parts.reduce((sum, part) => sum + part, 0n);
}

/** What the assets surely buy in the next block: the price rises by less than this in twelve seconds. */
async function leastShares({ system }: World, assets: bigint): Promise<bigint> {
  return ((await system.pool.convertToShares(assets)) * 99_999n) / 100_000n;
}
