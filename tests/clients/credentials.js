// Prints the role credentials that the AWS SDK for JavaScript resolves.
//
// usage: credentials.js [PROFILE]; without a profile, whatever the environment says. Its
// chain of providers says of no provider why it gave nothing, so a profile is asked for
// directly. --version instead prints the version of the SDK.

const { fromIni, fromNodeProviderChain } = require("@aws-sdk/credential-providers");

async function main(profile) {
  if (profile === "--version") {
    console.log(require("@aws-sdk/credential-providers/package.json").version);
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

main(process.argv[2]).catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
});
