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
 * <p>usage: Credentials [PROFILE]; without a profile, whatever the environment says. --token
 * PROFILE prints the token of the profile's session instead, and --version the version of the
 * SDK.
 */
public final class Credentials {
  public static void main(String[] words) {
    try {
      if (words.length == 1 && words[0].equals("--version")) {
        System.out.println(VersionInfo.SDK_VERSION);
      } else if (words.length == 2 && words[0].equals("--token")) {
        print(token(words[1]));
      } else if (words.length < 2) {
        print(credentials(words));
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

  private static Map<String, String> credentials(String[] words) {
    AwsCredentialsProvider provider =
        words.length == 0
            ? DefaultCredentialsProvider.builder().build()
            : ProfileCredentialsProvider.create(words[0]);
    AwsCredentials keys = provider.resolveCredentials();
    Map<String, String> answer = new TreeMap<>();
    answer.put("AccessKeyId", keys.accessKeyId());
    answer.put("SecretAccessKey", keys.secretAccessKey());
    if (keys instanceof AwsSessionCredentials) {
      answer.put("SessionToken", ((AwsSessionCredentials) keys).sessionToken());
    }
    keys.accountId().ifPresent(id -> answer.put("AccountId", id));
    keys.expirationTime().map(Instant::toString).ifPresent(end -> answer.put("Expiration", end));
    keys.providerName().ifPresent(name -> answer.put("Provider", name));
    return answer;
  }

  private static Map<String, String> token(String profile) {
    SdkToken token = ProfileTokenProvider.create(profile).resolveToken();
    Map<String, String> answer = new TreeMap<>();
    answer.put("Token", token.token());
    token.expirationTime().map(Instant::toString).ifPresent(end -> answer.put("Expiration", end));
    return answer;
  }

  private static void print(Map<String, String> answer) {
    JsonWriter json = JsonWriter.create();
    json.writeStartObject();
    answer.forEach((name, value) -> json.writeFieldName(name).writeValue(value));
    json.writeEndObject();
    System.out.println(new String(json.getBytes(), StandardCharsets.UTF_8));
  }
}
