import { AbiCoder, concat } from "ethers";
import type { BaseContract, BytesLike } from "ethers";

import { ERC1967Proxy__factory } from "../typechain-types";
import type { DeploymentFactory } from "../typechain-types";

/** Says what is being done; the default keeps quiet. */
export type Report = (line: string) => void;

/** Address of an implementation, once it is there. */
export async function implement(deployment: Promise<BaseContract>): Promise<string> {
  const implementation = await deployment;
  await implementation.waitForDeployment();
  return implementation.getAddress();
}

/** Deploys a proxy at the address of its salt; it is initialized in the same transaction. */
export async function deployProxy(
  factory: DeploymentFactory,
  salt: string,
  implementation: string,
  initialization: BytesLike,
): Promise<void> {
  const args = AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [implementation, initialization]);
  await (await factory.deploy(salt, concat([ERC1967Proxy__factory.bytecode, args]))).wait();
}
