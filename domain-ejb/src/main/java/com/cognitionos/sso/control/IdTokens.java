package com.cognitionos.sso.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.InvalidHashException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether an ID token is one (SSO-2; OpenID Connect Core 1.0, section 3.1.3.7). */
final class IdTokens {

    /** By which the clocks of two machines may differ, in seconds. */
    private static final int SKEW_S = 60;

    /** What this JDK verifies by public key. Nothing else counts, whatever a provider announces or a token says. */
    private static final Set<JWSAlgorithm> ASYMMETRIC = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private IdTokens() {}

    /** @param announced by the provider; without, RS256, which each must have */
    static Set<JWSAlgorithm> accepted(@Nullable List<JWSAlgorithm> announced) {
        Set<JWSAlgorithm> accepted = new LinkedHashSet<>(announced == null ? List.of(JWSAlgorithm.RS256) : announced);
        accepted.retainAll(ASYMMETRIC);
        return accepted;
    }

    /**
     * @throws BadJOSEException when the token is not for us, not now, or not the provider's
     * @throws JOSEException when its signature cannot be verified, also for want of the provider's keys
     */
    static IDTokenClaimsSet validate(
            JWT token,
            Issuer issuer,
            ClientID client,
            Set<JWSAlgorithm> algorithms,
            JWKSource<SecurityContext> keys,
            Nonce nonce,
            AccessToken access)
            throws BadJOSEException, JOSEException {
        if (algorithms.isEmpty() || !(token.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm)) {
            throw new BadJOSEException("no signed token");
        }
        IDTokenValidator validator =
                new IDTokenValidator(issuer, client, new JWSVerificationKeySelector<>(algorithms, keys), null);
        validator.setMaxClockSkew(SKEW_S);
        IDTokenClaimsSet claims = validator.validate(token, nonce);
        // The library looks at it only beside several audiences.
        if (claims.getAuthorizedParty() != null
                && !claims.getAuthorizedParty().getValue().equals(client.getValue())) {
            throw new BadJOSEException("azp is another client");
        }
        if (claims.getAccessTokenHash() != null) {
            try {
                AccessTokenValidator.validate(access, algorithm, claims.getAccessTokenHash());
            } catch (InvalidHashException e) {
                throw new BadJOSEException("at_hash belongs to another access token", e);
            }
        }
        return claims;
    }
}
