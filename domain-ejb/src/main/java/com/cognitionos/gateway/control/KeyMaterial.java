package com.cognitionos.gateway.control;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes keys and turns them into what is stored (GAT-1). */
@ApplicationScoped
public class KeyMaterial {

    public static final int PREFIX_LENGTH = 12;

    private static final Pattern FORM = Pattern.compile("cog_[0-9a-f]{32}");
    private static final SecureRandom RANDOM = new SecureRandom();

    @Inject
    @ConfigProperty(name = "cognitionos.pepper")
    private String pepper;

    private Mac mac;

    // Finding a provider and taking the pepper in costs more than the sum itself.
    @PostConstruct
    void prepare() {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pepper.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    public String newKey() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return "cog_" + HexFormat.of().formatHex(bytes);
    }

    public boolean hasForm(String key) {
        return FORM.matcher(key).matches();
    }

    public String prefix(String key) {
        return key.substring(0, PREFIX_LENGTH);
    }

    /** 32 bytes; without the pepper a stolen table cannot even be used to recognise a key. */
    public byte[] hmac(String key) {
        try {
            Mac own = (Mac) mac.clone();
            return own.doFinal(key.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HmacSHA256 can be cloned", e);
        }
    }
}
