// `npm run coverage` measures what is deployed: interfaces have no code, the local model of Polygon's staking is a test
// double, and test/contracts is no part of contracts/ at all.
module.exports = {
  skipFiles: ["local", "interfaces"],
  // The reports are written from the sum of both halves by scripts/checks/coverage.ts.
  istanbulReporter: [],
};
