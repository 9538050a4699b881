// `npm run coverage` measures what is deployed: interfaces have no code, the local model of Polygon's staking is a test
// double, and test/contracts is no part of contracts/ at all.
module.exports = {
  skipFiles: ["local", "interfaces"],
  istanbulFolder: "./coverage",
  istanbulReporter: ["html", "lcov", "json", "text-summary"],
};
