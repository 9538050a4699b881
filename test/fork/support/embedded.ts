import type { JsonRpcProvider } from "ethers";

import { addLocalValidator, deployLocalStaking } from "../../../scripts/conformance/localStaking";
import type { LocalStaking, Place } from "../../../scripts/conformance/localStaking";
import { startAnvil } from "../../../scripts/devnet/anvil";
import { putStateReceiver } from "../../../scripts/lib/bridge/localFx";
import {
  BridgeRootChain__factory,
  FxChild__factory,
  FxRoot__factory,
  StateSender__factory,
  WrappedPol__factory,
} from "../../../typechain-types";

import { chainOf } from "./chain";
import type { Chain, Landmark } from "./chain";
import { POLYGONS } from "./configuration";
import type { ForkedNetwork } from "./environment";
import { accountOf, payGas, walletOf } from "./people";
import { placeAt } from "./place";
import { moveEpochs, sendAs } from "./powers";

const ONE = 10n ** 18n;

/** Polygon's contracts on Ethereum beside those that a deployment names; from Polygon's own list, `@maticnetwork/meta`. */
const MORE = {
  registry: "0x33a02E6cC863D393d6Bf231B697b82F6e499cA71",
  governance: "0x6e7a5820baD6cebA8Ef5ea69c0C92EbbDAc9CE48",
  stakingInfo: "0xa59C847Bd5aC0172Ff4FE912C5d29E5A71A7512B",
  eventsHub: "0x6dF5CB08d3f0193C768C8A01f42ac4424DC5086b",
  stakingNFT: "0x47Cbe25BbDB40a774cC37E1dA92d10C2C7Ec897F",
  stateSender: "0x28e4F3a7f651294B9564800b2D01f35189A5bFbE",
} as const;

/** Where each contract of the model stands; the rest is reached through them. */
const PLACES: Partial<Record<keyof LocalStaking, string>> = { ...POLYGONS, ...MORE, rootChain: undefined };

/** STOP: what is a contract on Ethereum has code here too, and does nothing with it. */
const SOME_CODE = "0x00";

/** Polygon's unbonding delay on Ethereum, epochs. */
const UNBONDING_EPOCHS = 80n;
/** About as many checkpoints as Polygon has made. */
const EPOCHS = 90_000n;

/** Makes the chain of a network: the local model of Polygon, and FxPortal, at the addresses that they have there. */
export async function openEmbedded(network: ForkedNetwork, landmark: Landmark): Promise<Chain> {
  const anvil = await startAnvil({ chainId: Number(landmark.chainId), port: 0, accounts: 1 });
  await payGas(anvil.provider, accountOf(MAKER).address);
  await (network === "mainnet" ? makeEthereum(anvil.provider) : makePolygon(anvil.provider));
  return chainOf(anvil, (block) => `the embedded snapshot as chain ${landmark.chainId} at block ${block}`);
}

const MAKER = "maker of the snapshot";

async function makePolygon(node: JsonRpcProvider): Promise<void> {
  const maker = walletOf(MAKER, node);
  const fxChild = await placeAt(maker, node, POLYGONS.fxChild, new FxChild__factory(maker));
  await fxChild.setFxRoot(POLYGONS.fxRoot);
  await placeAt(maker, node, POLYGONS.wrappedNative, new WrappedPol__factory(maker));
  await putStateReceiver(maker, node);
}

async function makeEthereum(node: JsonRpcProvider): Promise<void> {
  const maker = walletOf(MAKER, node);
  const place: Place = async (name, code, ...args) => {
    const at = PLACES[name];
    return at === undefined ? code.deploy(...args) : placeAt(maker, node, at, code, ...args);
  };
  const stateSender = await placeAt(maker, node, MORE.stateSender, new StateSender__factory(maker));
  const fxRoot = await placeAt(maker, node, POLYGONS.fxRoot, new FxRoot__factory(maker), stateSender);
  await fxRoot.setFxChild(POLYGONS.fxChild);
  await stateSender.register(fxRoot, POLYGONS.fxChild);
  await placeAt(maker, node, POLYGONS.rootChain, new BridgeRootChain__factory(maker), maker);

  await node.send("anvil_setCode", [MORE.governance, SOME_CODE]);
  const staking = await deployLocalStaking(maker, { governance: MORE.governance }, place);
  const { stakeManager, pol, matic, migration } = staking;
  await stakeManager.setWithdrawalDelay(UNBONDING_EPOCHS);
  await pol.mint(stakeManager, 3_000_000_000n * ONE);
  await pol.mint(migration, 1_000_000_000n * ONE);
  await matic.mint(migration, 9_000_000_000n * ONE);
  await addValidators(node, staking);
  // A history: rewards that nobody has collected.
  await stakeManager.checkpoints(3);
  await moveEpochs(node, POLYGONS.stakeManager, EPOCHS);
  // One is about to leave.
  await stakeManager.unstakePOL(11n);
}

/** Beside ordinary validators one of each kind that no stake should go to. */
async function addValidators(node: JsonRpcProvider, staking: LocalStaking): Promise<void> {
  const { stakeManager, pol } = staking;
  const maker = walletOf(MAKER, node);
  const signerOf = (id: bigint): string => accountOf(`signer ${id}`).address;
  const add = async (id: bigint, commission: bigint): Promise<void> => {
    const stake = 1_000_000n * ONE * ((id % 3n) + 1n);
    const share = await addLocalValidator(staking, {
      id,
      owner: maker.address,
      signer: signerOf(id),
      stake,
      commission,
    });
    // Others have delegated to it before.
    const delegated = 300_000n * ONE * ((id % 4n) + 1n);
    await pol.mint(maker, delegated);
    await pol.approve(stakeManager, delegated);
    await share.buyVoucherPOL(delegated, delegated);
  };
  for (const id of [1n, 8n, 11n, 12n, 16n, 17n, 18n, 19n]) await add(id, id % 8n);
  // Has switched delegation off.
  await add(9n, 5n);
  await payGas(node, signerOf(9n));
  await stakeManager.connect(walletOf("signer 9", node)).updateValidatorDelegation(false);
  // Has left.
  await add(10n, 5n);
  const leave = stakeManager.interface.encodeFunctionData("forceUnstakePOL", [10n]);
  await sendAs(node, MORE.governance, POLYGONS.stakeManager, leave);
  // Keeps all of the rewards.
  await add(13n, 100n);
  // A share of it is worth less than one POL.
  await add(14n, 5n);
  await stakeManager.cheatSlash(14n, 100n, false);
  // Has no share contract.
  await stakeManager.addValidator(15n, maker, signerOf(15n), 1_000_000n * ONE, 0n, false);
}
