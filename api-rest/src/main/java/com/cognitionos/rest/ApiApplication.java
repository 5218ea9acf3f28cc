package com.cognitionos.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** Version 3 of the API. */
@ApplicationPath("/v3")
@OpenAPIDefinition(
        info =
                @Info(
                        title = "CognitionOS",
                        version = "3",
                        description =
                                "Plans, subscriptions, usage and invoices. Amounts are integers in the currency's minor unit;"
                                        + " times are UTC. Failures are application/problem+json with a stable `code`. An operator's key"
                                        + " acts for a tenant named by the header X-Tenant-ID or X-Tenant-Slug."),
        security = @SecurityRequirement(name = "apiKey"))
@SecurityScheme(
        securitySchemeName = "apiKey",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        bearerFormat = "cog_ and 32 hex digits")
public class ApiApplication extends Application {}
