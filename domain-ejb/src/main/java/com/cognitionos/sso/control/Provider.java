package com.cognitionos.sso.control;

import com.cognitionos.kernel.Egress;
import com.cognitionos.kernel.Problem;
import com.cognitionos.sso.entity.Attempt;
import com.cognitionos.sso.entity.Client;
import com.cognitionos.sso.entity.Identity;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.ClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What we say to a tenant's identity provider and how we take its answers. Never inside a transaction (SSO-8). */
@ApplicationScoped
public class Provider {

    private static final Logger LOG = System.getLogger(Provider.class.getName());

    private static final String JSON = "application/json";
    private static final long GOOD_FOR_MS = 600_000;
    /** So that nobody can keep our threads busy with a provider that is down. */
    private static final long FAILED_FOR_MS = 10_000;

    private record Discovered(
            @Nullable OIDCProviderMetadata metadata,
            @Nullable Problem failure) {}

    private final Kept<String, Discovered> discovered = new Kept<>(500);
    private final KeySets keys = new KeySets(this::keySet, Provider::millis);

    @Inject
    @ConfigProperty(name = "cognitionos.sso.allow-private-issuers", defaultValue = "false")
    private boolean allowPrivate;

    @Resource
    private TransactionSynchronizationRegistry transaction;

    private Egress egress = Egress.toPublic();

    @PostConstruct
    void open() {
        egress = allowPrivate ? Egress.toAnywhere() : Egress.toPublic();
    }

    /** @throws Problem INVALID for an issuer that could never be asked */
    public void checkIssuer(String issuer) {
        try {
            if (egress.check(issuer).getRawQuery() != null) {
                throw Problem.invalid("issuer", "not_an_issuer", "An issuer has no query.");
            }
        } catch (Egress.Refused e) {
            throw Problem.invalid("issuer", "not_an_issuer", String.valueOf(e.getMessage()));
        }
    }

    /** Where to send the browser. @throws Problem UNAVAILABLE when the provider cannot be asked */
    public URI authorization(Client client, Attempt attempt, URI back) {
        OIDCProviderMetadata metadata = metadata(client.settings().issuer());
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope("openid", "email", "profile"),
                        new ClientID(client.settings().clientId()),
                        back)
                .endpointURI(metadata.getAuthorizationEndpointURI())
                .state(new State(attempt.state()))
                .nonce(new Nonce(attempt.nonce()))
                .codeChallenge(new CodeVerifier(attempt.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /**
     * Whom the provider means by a code.
     *
     * @param issuer the response's {@code iss} parameter (RFC 9207), where it has one
     * @throws Problem FORBIDDEN when the provider refuses or what it sends does not hold, UNAVAILABLE when it does not answer
     */
    public Identity identify(Client client, Attempt attempt, String code, @Nullable String issuer, URI back) {
        OIDCProviderMetadata metadata = metadata(client.settings().issuer());
        if (issuer == null ? metadata.supportsAuthorizationResponseIssuerParam() : !issuer.equals(attempt.issuer())) {
            throw doubtful("the response names another issuer");
        }
        OIDCTokens tokens = tokens(client, attempt, code, back, metadata);
        IDTokenClaimsSet claims;
        try {
            claims = IdTokens.validate(
                    tokens.getIDToken(),
                    new Issuer(attempt.issuer()),
                    new ClientID(client.settings().clientId()),
                    IdTokens.accepted(metadata.getIDTokenJWSAlgs()),
                    keys.of(client.tenant(), metadata.getJWKSetURI()),
                    new Nonce(attempt.nonce()),
                    tokens.getAccessToken());
        } catch (KeySourceException e) {
            throw unavailable("its keys could not be fetched");
        } catch (BadJOSEException | JOSEException e) {
            throw doubtful(e.getMessage());
        }
        String subject = claims.getSubject().getValue();
        ClaimsSet source = claims.getStringClaim("email") == null && metadata.getUserInfoEndpointURI() != null
                ? userInfo(metadata.getUserInfoEndpointURI(), tokens, subject)
                : claims;
        return new Identity(
                attempt.issuer(),
                subject,
                source.getStringClaim("email"),
                isTrue(source.getClaim("email_verified")),
                source.getStringClaim("name"));
    }

    /** Asks the provider anew for its two documents. @throws Problem UNAVAILABLE with what is wrong, to be shown */
    public void examine(String issuer) {
        OIDCProviderMetadata metadata = discover(issuer);
        discovered.put(issuer, new Discovered(metadata, null), millis() + GOOD_FOR_MS);
        try {
            JWKSet set = keySet(metadata.getJWKSetURI());
            if (set.getKeys().isEmpty()) {
                throw unavailable("it shows no keys");
            }
        } catch (KeySourceException e) {
            throw unavailable("its keys could not be fetched");
        }
    }

    private OIDCTokens tokens(Client client, Attempt attempt, String code, URI back, OIDCProviderMetadata metadata) {
        HTTPRequest request = new TokenRequest.Builder(
                        metadata.getTokenEndpointURI(),
                        authentication(client, metadata.getTokenEndpointAuthMethods()),
                        new AuthorizationCodeGrant(
                                new AuthorizationCode(code), back, new CodeVerifier(attempt.verifier())))
                .build()
                .toHTTPRequest();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", JSON);
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        if (request.getAuthorization() != null) {
            headers.put("Authorization", request.getAuthorization());
        }
        Egress.Reply reply = ask(new Egress.Request(
                "POST", request.getURI(), headers, request.getBody().getBytes(StandardCharsets.UTF_8)));
        try {
            HTTPResponse response = new HTTPResponse(reply.status());
            response.setContentType(JSON);
            response.setBody(reply.text());
            TokenResponse parsed = OIDCTokenResponseParser.parse(response);
            if (!parsed.indicatesSuccess()) {
                throw doubtful("the token request was refused with status " + reply.status());
            }
            return ((OIDCTokenResponse) parsed.toSuccessResponse()).getOIDCTokens();
        } catch (ParseException e) {
            throw doubtful("the token response cannot be read");
        }
    }

    private static ClientAuthentication authentication(
            Client client, @Nullable List<ClientAuthenticationMethod> offered) {
        ClientID id = new ClientID(client.settings().clientId());
        Secret secret = new Secret(client.secret());
        if (offered == null || offered.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)) {
            return new ClientSecretBasic(id, secret);
        }
        if (offered.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)) {
            return new ClientSecretPost(id, secret);
        }
        throw unavailable("it takes no client secret");
    }

    private UserInfo userInfo(URI address, OIDCTokens tokens, String subject) {
        Egress.Reply reply = ask(new Egress.Request(
                "GET",
                address,
                Map.of("Accept", JSON, "Authorization", tokens.getAccessToken().toAuthorizationHeader()),
                new byte[0]));
        try {
            if (reply.status() != 200) {
                throw doubtful("userinfo answers with status " + reply.status());
            }
            UserInfo info = UserInfo.parse(reply.text());
            if (!subject.equals(info.getSubject().getValue())) {
                throw doubtful("userinfo is about another subject");
            }
            return info;
        } catch (ParseException e) {
            throw doubtful("userinfo cannot be read");
        }
    }

    private OIDCProviderMetadata metadata(String issuer) {
        Discovered known = discovered.get(issuer, millis());
        if (known == null) {
            try {
                known = new Discovered(discover(issuer), null);
                discovered.put(issuer, known, millis() + GOOD_FOR_MS);
            } catch (Problem failure) {
                known = new Discovered(null, failure);
                discovered.put(issuer, known, millis() + FAILED_FOR_MS);
            }
        }
        if (known.failure() != null) {
            throw known.failure();
        }
        return Objects.requireNonNull(known.metadata());
    }

    private OIDCProviderMetadata discover(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        Egress.Reply reply = ask(Egress.Request.get(URI.create(base + "/.well-known/openid-configuration"), JSON));
        if (reply.status() != 200) {
            throw unavailable("its discovery document answers with status " + reply.status());
        }
        OIDCProviderMetadata metadata;
        try {
            metadata = OIDCProviderMetadata.parse(reply.text());
        } catch (ParseException e) {
            throw unavailable("its discovery document cannot be read");
        }
        if (!metadata.getIssuer().getValue().equals(issuer)) {
            throw unavailable("its discovery document names another issuer");
        }
        if (IdTokens.accepted(metadata.getIDTokenJWSAlgs()).isEmpty()) {
            throw unavailable("it signs by no algorithm with public keys");
        }
        for (URI address : new URI[] {
            metadata.getAuthorizationEndpointURI(), metadata.getTokenEndpointURI(), metadata.getJWKSetURI()
        }) {
            try {
                egress.check(String.valueOf(address));
            } catch (Egress.Refused e) {
                throw unavailable("its discovery document names an address that may not be called");
            }
        }
        return metadata;
    }

    private JWKSet keySet(URI address) throws KeySourceException {
        try {
            Egress.Reply reply = send(Egress.Request.get(address, JSON));
            if (reply.status() != 200) {
                throw new KeySourceException("status " + reply.status());
            }
            return JWKSet.parse(reply.text());
        } catch (IOException | java.text.ParseException e) {
            throw new KeySourceException("no key set", e);
        }
    }

    private Egress.Reply ask(Egress.Request request) {
        try {
            return send(request);
        } catch (Egress.Refused e) {
            throw unavailable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.log(Level.INFO, "an identity provider does not answer properly: {0}", e.toString());
            throw unavailable("it does not answer, or not properly");
        }
    }

    private Egress.Reply send(Egress.Request request) throws IOException {
        if (transaction.getTransactionStatus() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException("a provider is asked while a transaction waits");
        }
        return egress.send(request);
    }

    private static boolean isTrue(@Nullable Object claim) {
        return Boolean.TRUE.equals(claim) || "true".equals(claim);
    }

    private static Problem unavailable(String why) {
        return new Problem(
                Problem.Kind.UNAVAILABLE, "provider_unavailable", "The identity provider cannot be used: " + why + ".");
    }

    /** The person learns that it did not hold, the log why. */
    private static Problem doubtful(@Nullable String why) {
        LOG.log(Level.WARNING, "a sign-in by an identity provider was refused: {0}", why);
        return new Problem(
                Problem.Kind.FORBIDDEN,
                "sign_in_invalid",
                "What the identity provider sent could not be verified, so nobody was signed in.");
    }

    /** Counts on, whatever is done to the machine's clock. */
    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
