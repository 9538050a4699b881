import { mustRun } from "./execute";
import type { Trace } from "./trace";
import { addAccount, addName, addressOf, interfaceOf } from "./world";
import type { World } from "./world";

type Validator = Trace["setup"]["validators"][number];

const ONE_POL = 10n ** 18n;
const FIRST_PRECISE_ID = 8n;

/** Brings a fresh model to the initial state of a trace. */
export async function setUp(world: World, trace: Trace): Promise<void> {
  const { users, withdrawalDelay, checkPointBlockInterval, proposerBonus } = trace.setup;
  for (const user of users) await addAccount(world, user);

  await govern(world, "updateCheckPointBlockInterval", checkPointBlockInterval);
  await govern(world, "updateProposerBonus", proposerBonus);
  await govern(world, "updateCheckpointReward", initial(trace, "sm.checkpointReward"));
  await addValidators(world, trace);
  await govern(world, "updateDynastyValue", withdrawalDelay);

  for (const [key, value] of Object.entries(trace.initialState)) {
    const [token, holder] = [key.split(".")[0] ?? "", key.split(".").slice(1).join(".")];
    if (token !== "pol" && token !== "matic") continue;
    const allowance = /^allowance\.([^.]+)\.([^.]+)$/.exec(holder);
    if (allowance === null) await mint(world, token, holder, value);
    else await approve(world, token, allowance[1] ?? "", allowance[2] ?? "", value);
  }
}

/** The unnamed ids below 8 exist in the recorded chain, and were force-unstaked before the first step. */
async function addValidators(world: World, trace: Trace): Promise<void> {
  const { validators } = trace.setup;
  for (let id = 1n; id < FIRST_PRECISE_ID; ++id) {
    if (validators.some((validator) => BigInt(validator.id) === id)) continue;
    await addValidator(world, { name: `v${id}`, id: id.toString(), stake: ONE_POL.toString() }, false);
    await govern(world, "forceUnstakePOL", id.toString());
  }
  for (const validator of validators) {
    await addValidator(world, validator, true);
    if (initial(trace, `${validator.name}.lastCommissionUpdate`) !== "0") await setCommission(world, validator);
    const share = await world.rpc.simulate({
      from: addressOf(world, "deployer"),
      to: addressOf(world, "stakeManager"),
      data: interfaceOf("stakeManager").encodeFunctionData("getValidatorContract", [validator.id]),
    });
    addName(world, validator.name, `0x${share.data.slice(-40)}`);
  }
}

async function addValidator(
  world: World,
  validator: Pick<Validator, "name" | "id" | "stake">,
  acceptDelegation: boolean,
): Promise<void> {
  const { name, id, stake } = validator;
  const owner = await addAccount(world, `${name}.owner`);
  const signer = await addAccount(world, `${name}.signer`);
  const args = [id, owner, signer, stake, 0, acceptDelegation];
  await mustRun(world, { from: "deployer", to: "stakeManager", fn: "addValidator", args });
}

/** The first change is free, and the recording made it even where it sets a commission of 0. */
async function setCommission(world: World, { name, id, commissionRate }: Validator): Promise<void> {
  const args = [id, commissionRate];
  await mustRun(world, { from: `${name}.owner`, to: "stakeManager", fn: "updateCommissionRate", args });
}

async function govern(world: World, fn: string, value: string): Promise<void> {
  await mustRun(world, { from: "governance", to: "stakeManager", fn, args: [value] });
}

async function mint(world: World, token: string, holder: string, amount: string): Promise<void> {
  if (amount === "0") return;
  await mustRun(world, { from: "deployer", to: token, fn: "mint", args: [addressOf(world, holder), amount] });
}

async function approve(world: World, token: string, owner: string, spender: string, amount: string): Promise<void> {
  await mustRun(world, { from: owner, to: token, fn: "approve", args: [addressOf(world, spender), amount] });
}

function initial(trace: Trace, key: string): string {
  const value = trace.initialState[key];
  if (value === undefined) throw new Error(`initialState has no ${key}`);
  return value;
}
