// Prints the role credentials that the AWS SDK for JavaScript resolves.
//
// usage: credentials.js [PROFILE]; without a profile, whatever the environment says. Its
// chain of providers says of no provider why it gave nothing, so a profile is asked for
// directly. --token PROFILE prints the token of the profile's session instead, and --version
// the version of the SDK.

const { fromIni, fromNodeProviderChain } = require("@aws-sdk/credential-providers");
const { fromSso } = require("@aws-sdk/token-providers");

async function main(profile, ofToken) {
  if (profile === "--version") {
    console.log(require("@aws-sdk/credential-providers/package.json").version);
    return;
  }
  if (profile === "--token") {
    const { token, expiration } = await fromSso({ profile: ofToken })();
    console.log(JSON.stringify({ Token: token, Expiration: expiration }));
    return;
  }
  const provider = profile ? fromIni({ profile }) : fromNodeProviderChain();
  const keys = await provider();
  const answer = {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    AccountId: keys.accountId,
    Expiration: keys.expiration,
  };
  console.log(JSON.stringify(answer));
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
});
