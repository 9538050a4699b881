// What integrators import. Typings are those of what is deployed and of our interfaces.
export * from "../../typechain-types";
export { ADDRESSES } from "./addressBook";
export { CONTRACTS, addressOf } from "./addresses";
export type { AddressBook, ChainAddresses, ContractName } from "./addresses";
export { buildExit, messagePositions } from "../lib/bridge/exit";
export type { ExitRequest } from "../lib/bridge/exit";
export { findHeader, lastHeader } from "../lib/bridge/headers";
export type { Header } from "../lib/bridge/headers";
export { sentDown, sentUp } from "../lib/bridge/messages";
export type { DownMessage, Message, Route, UpMessage } from "../lib/bridge/messages";
export { readReceipt } from "../lib/bridge/rpc";
export type { Receipt, RpcProvider } from "../lib/bridge/rpc";
export {
  isProcessed,
  messageStatus,
  refillTime,
  rootChainOf,
  routeOf,
  waitingOnEthereum,
  waitingOnPolygon,
} from "../lib/bridge/status";
export type { ConnectedEnds, DownStatus, MessageStatus, UpStatus, Waiting } from "../lib/bridge/status";
export { BOND_DOMAIN, POL_DOMAIN, SHARE_DOMAIN, signNextPermit, signPermit } from "../lib/permit";
export type { Permit } from "../lib/permit";
