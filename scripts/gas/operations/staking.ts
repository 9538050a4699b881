import { MaxUint256 } from "ethers";

import { POL_DOMAIN, signNextPermit } from "../../lib/permit";
import type { Operation, Spent, Use } from "../operation";
import { spent } from "../operation";
import { coins } from "../world";
import type { World } from "../world";

const AMOUNT = coins(1_000);

type Staker = "regular" | "newcomer";

const STAKERS: readonly (readonly [Staker, Use])[] = [
  ["newcomer", "first"],
  ["regular", "later"],
];

/** The same way to stake for a caller without shares and for one who has some. */
function staking(name: string, how: string, call: (world: World, who: Staker) => Promise<Spent>): Operation[] {
  return STAKERS.map(([who, use]) => ({
    name,
    use,
    given: `${how}; caller ${use === "first" ? "has no shares" : "has shares"} and keeps some of the coin`,
    model: true,
    flat: true,
    call: (world) => call(world, who),
  }));
}

async function depositWithPermit({ pool, polygon, people }: World, who: Staker): Promise<Spent> {
  const owner = people[who];
  const terms = { spender: await pool.getAddress(), value: AMOUNT, deadline: MaxUint256 };
  const { v, r, s } = await signNextPermit(owner, polygon.pol, POL_DOMAIN, terms);
  return spent(pool.connect(owner).depositWithPermit(AMOUNT, owner, MaxUint256, v, r, s));
}

/** Takes the approval away, so that the permit is what pays. */
async function withoutApproval({ pool, polygon, people }: World): Promise<void> {
  for (const who of [people.regular, people.newcomer]) await polygon.pol.connect(who).approve(pool, 0);
}

/** Ways in. */
export const STAKING: readonly Operation[] = [
  ...staking("deposit", "1,000 POL", ({ pool, people }, who) =>
    spent(pool.connect(people[who]).deposit(AMOUNT, people[who])),
  ),
  ...staking("depositWithPermit", "1,000 POL by a permit, nothing approved before", depositWithPermit).map(
    (operation) => ({ ...operation, prepare: withoutApproval }),
  ),
  ...staking("mint", "1,000 shares for POL", ({ pool, people }, who) =>
    spent(pool.connect(people[who]).mint(AMOUNT, people[who])),
  ),
  ...staking("stake", "1,000 POL with a least result and a deadline", ({ pool, people }, who) =>
    spent(pool.connect(people[who]).stake(AMOUNT, people[who], 1n, MaxUint256)),
  ),
  ...staking("stakeMatic", "1,000 MATIC with a least result and a deadline", ({ pool, people }, who) =>
    spent(pool.connect(people[who]).stakeMatic(AMOUNT, people[who], 1n, MaxUint256)),
  ),
  ...staking("stakeAndClaimCerts", "1,000 MATIC", ({ pool, people }, who) =>
    spent(pool.connect(people[who]).stakeAndClaimCerts(AMOUNT)),
  ),
];
