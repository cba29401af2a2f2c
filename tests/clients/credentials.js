// Prints the role credentials that the AWS SDK for JavaScript resolves.
//
// usage: credentials.js [PROFILE]     without a profile, the SDK reads the environment
//        credentials.js --token PROFILE  print the token of the profile's session
//        credentials.js --version        print the version of the SDK
//
// The default chain of providers drops the error of each provider, so for a profile its provider
// is called directly.

const { fromIni, fromNodeProviderChain } = require("@aws-sdk/credential-providers");
const { fromSso } = require("@aws-sdk/token-providers");

async function main(profile, tokenProfile) {
  if (profile === "--version") {
    console.log(require("@aws-sdk/credential-providers/package.json").version);
    return;
  }
  if (profile === "--token") {
    const { token, expiration } = await fromSso({ profile: tokenProfile })();
    console.log(JSON.stringify({ Token: token, Expiration: expiration }));
    return;
  }
  const provider = profile ? fromIni({ profile }) : fromNodeProviderChain();
  const keys = await provider();
  const output = {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    AccountId: keys.accountId,
    Expiration: keys.expiration,
  };
  console.log(JSON.stringify(output));
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
});
