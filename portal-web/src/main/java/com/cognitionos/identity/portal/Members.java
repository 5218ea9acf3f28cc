package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Users;
import com.cognitionos.kernel.Caller;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/** The people who belong to a tenant, by e-mail address and password. */
@ApplicationScoped
public class Members implements IdentityStore {

    @EJB
    private Users users;

    @Override
    public CredentialValidationResult validate(Credential credential) {
        if (!(credential instanceof UsernamePasswordCredential given)) {
            return CredentialValidationResult.NOT_VALIDATED_RESULT;
        }
        return Caller.job("sign-in")
                .call(() -> users.verify(given.getCaller(), given.getPasswordAsString()))
                .filter(person -> !person.memberships().isEmpty())
                .map(person -> new CredentialValidationResult(new Member(SignedIn.as(person)), Set.of()))
                .orElse(CredentialValidationResult.INVALID_RESULT);
    }
}
