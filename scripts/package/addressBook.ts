import type { AddressBook } from "./addresses";

/** Deployments by chain id. In the package this file is written anew, from the books in `deployments/`. */
export const ADDRESSES: AddressBook = {};
