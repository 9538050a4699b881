import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import dotenv from "dotenv";
import { Wallet } from "ethers";
import type { JsonRpcProvider } from "ethers";

import { readBook } from "../../deploy/book";
import { networkOf } from "../../deploy/networks";
import type { EthereumNetwork, PolygonNetwork } from "../../deploy/networks";
import { addLocalValidator, deployLocalStaking } from "../../scripts/conformance/localStaking";
import type { Place } from "../../scripts/conformance/localStaking";
import { startAnvil } from "../../scripts/devnet/anvil";
import type { Anvil } from "../../scripts/devnet/anvil";
import { putStateReceiver } from "../../scripts/lib/bridge/localFx";
import { ROOT } from "../../scripts/lib/files";
import {
  BridgeRootChain__factory,
  FxChild__factory,
  FxRoot__factory,
  StateSender__factory,
  WrappedPol__factory,
} from "../../typechain-types";
import { accountOf, payGas, walletOf } from "../fork/support/people";
import { placeAt } from "../fork/support/place";
import { textsOf } from "../support/guides";

const ONE = 10n ** 18n;
const MAKER = "maker of the testnets";

describe("e2e: guide: deploy to a testnet", function () {
  this.timeout(600_000);
  const anvils: Anvil[] = [];
  let folder: string;
  /** What the guide puts into `.env`, with the nodes of this test. */
  let environment: Record<string, string>;

  before("two nodes with the ids of Sepolia and Amoy, and Polygon's contracts at their addresses", async () => {
    folder = await mkdtemp(path.join(tmpdir(), "testnet-"));
    const guide = dotenv.parse((await textsOf("deploy-to-a-testnet", "env")).join("\n"));
    const [sepolia, amoy] = [networkOf("sepolia", guide), networkOf("amoy", guide)];
    if (sepolia.side !== "ethereum" || amoy.side !== "polygon") throw new Error("the sides are another");
    const deployer = new Wallet(guide.DEPLOYER_PRIVATE_KEY ?? "").address;
    const open = async ({ chainId }: { readonly chainId: bigint }): Promise<Anvil> => {
      const anvil = await startAnvil({ chainId: Number(chainId), port: 0, accounts: 1 });
      anvils.push(anvil);
      await payGas(anvil.provider, accountOf(MAKER).address);
      await payGas(anvil.provider, deployer);
      return anvil;
    };
    const [above, below] = [await open(sepolia), await open(amoy)];
    await makeSepolia(above.provider, sepolia, amoy.params.fxChild, deployer);
    await makeAmoy(below.provider, amoy, sepolia.bridge.fxRoot);
    environment = {
      ...guide,
      ...{ SEPOLIA_RPC_URL: above.url, AMOY_RPC_URL: below.url, DEPLOYMENTS_DIR: folder },
    };
  });

  after(async () => {
    await Promise.all(anvils.map((anvil) => anvil.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  it("by its commands, in their order, each as it stands and in a process of its own", async () => {
    const lines = (await textsOf("deploy-to-a-testnet", "sh")).flatMap((text) => text.trimEnd().split("\n"));
    // The first needs no network; test/integration/guides runs it.
    const commands = lines.slice(1).map((line) => (line.split("#")[0] ?? "").trim().split(/\s+/));
    expect(commands).to.have.length(5);
    const last: (string | undefined)[] = [];
    for (const [npx, hardhat, ...args] of commands) {
      expect([npx, hardhat]).to.deep.equal(["npx", "hardhat"]);
      const program = path.join(ROOT, "node_modules/.bin/hardhat");
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { cwd: ROOT, env });
      last.push(stdout.trimEnd().split("\n").at(-1));
    }
    const whole = (name: string): string =>
      `${name}: code, wiring, parameters, roles and delays are as configured; the deployer can do nothing.`;
    expect(last).to.deep.equal([
      "The core is deployed; the deployer still has all powers. Now: npx hardhat deploy --network amoy, then this again " +
        "for the bridge and the hand-over.",
      ...["amoy", "sepolia", "sepolia", "amoy"].map(whole),
    ]);
    for (const name of ["sepolia", "amoy"]) {
      const book = await readBook(path.join(folder, `${name}.json`));
      expect(book?.finished, name).to.equal(true);
    }
  });
});

/** Polygon's staking model and FxPortal, where Sepolia has them, with the validators of the guide. */
async function makeSepolia(
  node: JsonRpcProvider,
  { params, bridge, validators }: EthereumNetwork,
  fxChild: string,
  deployer: string,
): Promise<void> {
  const maker = walletOf(MAKER, node);
  const { polygon } = params;
  const place: Place = async (name, code, ...args) => {
    const at = name in polygon ? polygon[name as keyof typeof polygon] : undefined;
    return at === undefined ? code.deploy(...args) : placeAt(maker, node, at, code, ...args);
  };
  const stateSender = await new StateSender__factory(maker).deploy();
  const fxRoot = await placeAt(maker, node, bridge.fxRoot, new FxRoot__factory(maker), stateSender);
  await fxRoot.setFxChild(fxChild);
  await stateSender.register(fxRoot, fxChild);
  await placeAt(maker, node, bridge.rootChain, new BridgeRootChain__factory(maker), maker);
  const staking = await deployLocalStaking(maker, {}, place);
  const { pol, stakeManager } = staking;
  await pol.mint(stakeManager, 1_000_000n * ONE);
  for (const { id } of validators) {
    const signer = accountOf(`signer ${id}`).address;
    await addLocalValidator(staking, { id, owner: maker.address, signer, stake: 1_000n * ONE, commission: 5n });
  }
  // The seed stake, of which the guide speaks.
  await pol.mint(deployer, ONE);
}

/** FxPortal and the wrapped token, where Amoy and the guide have them. */
async function makeAmoy(node: JsonRpcProvider, { params }: PolygonNetwork, fxRoot: string): Promise<void> {
  const maker = walletOf(MAKER, node);
  const fxChild = await placeAt(maker, node, params.fxChild, new FxChild__factory(maker));
  await fxChild.setFxRoot(fxRoot);
  await placeAt(maker, node, params.wrappedNative, new WrappedPol__factory(maker));
  await putStateReceiver(maker, node);
}
