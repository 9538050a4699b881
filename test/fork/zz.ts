import { openChains } from "./support/chains";
void openChains({}).then(async (c) => {
  for (const n of [c.ethereum, c.polygon]) { const b = await n.provider.getBlockNumber(); console.log(n.url, b); await n.provider.send("anvil_mine", ["0x7"]); }
  setTimeout(() => void c.stop().then(() => process.exit(0)), 200000);
});
