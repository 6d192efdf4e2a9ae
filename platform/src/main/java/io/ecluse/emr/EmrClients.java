package io.ecluse.emr;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emrserverless.EmrServerlessClient;

/**
 * Clients of the service. They never repeat a request by themselves: a second RunJobFlow after a
 * lost answer is a second cluster. {@link EmrCalls} knows which request may be repeated.
 */
final class EmrClients {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private EmrClients() {}

  static EmrClient open(EmrAccount account) {
    return of(account, EmrClient.builder());
  }

  static EmrServerlessClient openServerless(EmrAccount account) {
    return of(account, EmrServerlessClient.builder());
  }

  private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C of(
      EmrAccount account, B builder) {
    builder
        .httpClientBuilder(
            ApacheHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
        .region(Region.of(account.region()))
        .credentialsProvider(credentials(account))
        .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()));
    account.endpoint().ifPresent(e -> builder.endpointOverride(URI.create(e)));
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(EmrAccount account) {
    return account
        .keys()
        .<AwsCredentialsProvider>map(
            k ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(k.access(), k.secret())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }
}
