import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.token.credentials.ProfileTokenProvider;
import software.amazon.awssdk.auth.token.credentials.SdkToken;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/**
 * Prints the role credentials that the AWS SDK for Java resolves, as one line of JSON.
 *
 * <pre>
 * usage: Credentials [PROFILE]        without a profile, the SDK reads the environment
 *        Credentials --token PROFILE  print the token of the profile's session
 *        Credentials --version        print the version of the SDK
 * </pre>
 */
public final class Credentials {
  public static void main(String[] args) {
    try {
      if (args.length == 1 && args[0].equals("--version")) {
        System.out.println(VersionInfo.SDK_VERSION);
      } else if (args.length == 2 && args[0].equals("--token")) {
        print(token(args[1]));
      } else if (args.length < 2) {
        print(credentials(args));
      } else {
        throw new IllegalArgumentException("usage: Credentials [--token] [PROFILE] | --version");
      }
    } catch (RuntimeException error) {
      for (Throwable next = error; next != null; next = next.getCause()) {
        System.err.println(next);
      }
      System.exit(1);
    }
  }

  private static Map<String, String> credentials(String[] args) {
    AwsCredentialsProvider provider =
        args.length == 0
            ? DefaultCredentialsProvider.builder().build()
            : ProfileCredentialsProvider.create(args[0]);
    AwsCredentials keys = provider.resolveCredentials();
    Map<String, String> output = new TreeMap<>();
    output.put("AccessKeyId", keys.accessKeyId());
    output.put("SecretAccessKey", keys.secretAccessKey());
    if (keys instanceof AwsSessionCredentials) {
      output.put("SessionToken", ((AwsSessionCredentials) keys).sessionToken());
    }
    keys.accountId().ifPresent(id -> output.put("AccountId", id));
    keys.expirationTime().map(Instant::toString).ifPresent(end -> output.put("Expiration", end));
    keys.providerName().ifPresent(name -> output.put("Provider", name));
    return output;
  }

  private static Map<String, String> token(String profile) {
    SdkToken token = ProfileTokenProvider.create(profile).resolveToken();
    Map<String, String> output = new TreeMap<>();
    output.put("Token", token.token());
    token.expirationTime().map(Instant::toString).ifPresent(end -> output.put("Expiration", end));
    return output;
  }

  private static void print(Map<String, String> output) {
    JsonWriter json = JsonWriter.create();
    json.writeStartObject();
    output.forEach((name, value) -> json.writeFieldName(name).writeValue(value));
    json.writeEndObject();
    System.out.println(new String(json.getBytes(), StandardCharsets.UTF_8));
  }
}
