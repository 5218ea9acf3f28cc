package com.cognitionos.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Puts into the document at {@code /openapi} what filters and gates do to every operation, so that no resource repeats
 * it (RES-9): the tenant in paths and headers, idempotency keys, rate limits, problem replies.
 */
public class SharedTerms implements OASFilter {

    private static final String PROBLEM = "Problem";
    private static final String OTHERS = "default";
    private static final String TENANT_HEADER = "TenantId";
    private static final String KEY_HEADER = "IdempotencyKey";
    private static final Pattern TEMPLATE = Pattern.compile("\\{(\\w+)}");
    /** What is the platform's own business, or names the tenant in the path. */
    private static final Pattern WITHOUT_TENANT =
            Pattern.compile(".*/v3/(plans|tenants|finance|catalog|staff|platform-keys|feature-flags|operator)(/.*)?");

    private record Term(String name, String words) {}

    private static final List<Term> RATE_HEADERS = List.of(
            new Term("RateLimit-Policy", "The limits that hold, as in draft-ietf-httpapi-ratelimit-headers-10"),
            new Term("RateLimit", "What is left of each, and the seconds until another place is free"),
            new Term("X-RateLimit-Limit", "The limit that is nearest, in requests within 60 seconds"),
            new Term("X-RateLimit-Remaining", "What is left of it"),
            new Term("X-RateLimit-Reset", "When another place is free, in seconds since 1970"));

    /** By status; the name of the component is {@code Problem} and the status. */
    private static final List<Term> PROBLEMS = List.of(
            new Term("401", "The key is missing, unknown, revoked or expired"),
            new Term("403", "The key lacks the scope, or is another tenant's"),
            new Term("404", "There is no such thing, or it is another tenant's"),
            new Term(
                    "409",
                    "The present state does not allow it, or a request with this Idempotency-Key is still running"),
            new Term("422", "The request is understood and wrong; errors points at each field"),
            new Term("429", "Too many requests within 60 seconds"),
            new Term(OTHERS, "Any other failure"));

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(OASFactory.createComponents());
        }
        describe(document.getComponents());
        WebhookTerms.describe(document);
        document.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().forEach((method, operation) -> {
                    complete(path, item, operation);
                    if (method == PathItem.HttpMethod.POST) {
                        operation.addParameter(parameter(KEY_HEADER));
                        successes(operation)
                                .forEach(reply -> reply.addHeader(
                                        IdempotencyFilter.REPLAYED, header(IdempotencyFilter.REPLAYED)));
                    }
                }));
    }

    private static void describe(Components components) {
        components.addParameter(
                KEY_HEADER,
                OASFactory.createParameter()
                        .name(IdempotencyFilter.KEY)
                        .in(Parameter.In.HEADER)
                        .description(
                                "A word of the caller's own, 1 to 255 characters. Sent again with the same body, the"
                                        + " request has no second effect and gets the first reply.")
                        .schema(string().minLength(1).maxLength(255)));
        components.addParameter(
                TENANT_HEADER,
                OASFactory.createParameter()
                        .name("X-Tenant-ID")
                        .in(Parameter.In.HEADER)
                        .description("The tenant to act for, with a key of the platform; X-Tenant-Slug does as well. A"
                                + " tenant's own key needs neither.")
                        .schema(string().format("uuid")));
        components.addHeader(
                IdempotencyFilter.REPLAYED,
                OASFactory.createHeader()
                        .description("true: the reply is that of the first request with this Idempotency-Key")
                        .schema(string().addEnumeration("true")));
        RATE_HEADERS.forEach(term -> components.addHeader(
                term.name(), OASFactory.createHeader().description(term.words()).schema(string())));
        components.addHeader(
                "Retry-After",
                OASFactory.createHeader()
                        .description("Seconds")
                        .schema(OASFactory.createSchema().addType(SchemaType.INTEGER)));
        components.addSchema(PROBLEM, problem());
        PROBLEMS.forEach(term -> components.addResponse(component(term.name()), reply(term)));
    }

    private static Schema problem() {
        Schema error = OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .addProperty("pointer", string())
                .addProperty("code", string())
                .addProperty("detail", string());
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("A problem (RFC 9457); code is stable, trace_id finds it in the log")
                .addProperty("type", string().format("uri"))
                .addProperty("title", string())
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("detail", string())
                .addProperty("instance", string())
                .addProperty("code", string())
                .addProperty("trace_id", string())
                .addProperty(
                        "errors",
                        OASFactory.createSchema().addType(SchemaType.ARRAY).items(error))
                .required(List.of("type", "title", "status", "detail", "instance", "code", "trace_id"));
    }

    private static String component(String status) {
        return status.equals(OTHERS) ? PROBLEM : PROBLEM + status;
    }

    private static APIResponse reply(Term term) {
        APIResponse reply = OASFactory.createAPIResponse()
                .description(term.words())
                .content(OASFactory.createContent()
                        .addMediaType(
                                ProblemReply.MEDIA_TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
        limits(reply);
        if (term.name().equals("429")) {
            reply.addHeader("Retry-After", header("Retry-After"));
        }
        return reply;
    }

    private static void complete(String path, PathItem item, Operation operation) {
        Matcher names = TEMPLATE.matcher(path);
        while (names.find()) {
            String name = names.group(1);
            if (!names(item, operation).contains(name)) {
                operation.addParameter(OASFactory.createParameter()
                        .name(name)
                        .in(Parameter.In.PATH)
                        .required(true)
                        .schema(string().format("uuid")));
            }
        }
        if (!WITHOUT_TENANT.matcher(path).matches()) {
            operation.addParameter(parameter(TENANT_HEADER));
        }
        successes(operation).forEach(SharedTerms::limits);
        problems(path, operation).forEach(status -> {
            if (!operation.getResponses().hasAPIResponse(status)) {
                operation
                        .getResponses()
                        .addAPIResponse(status, OASFactory.createAPIResponse().ref(component(status)));
            }
        });
    }

    private static List<String> names(PathItem item, Operation operation) {
        return Stream.of(item.getParameters(), operation.getParameters())
                .filter(list -> list != null)
                .flatMap(List::stream)
                .filter(parameter -> parameter.getIn() == Parameter.In.PATH)
                .map(Parameter::getName)
                .toList();
    }

    private static List<String> problems(String path, Operation operation) {
        List<String> statuses = new ArrayList<>();
        // The public operations say so by an empty list of security requirements.
        if (operation.getSecurity() == null || !operation.getSecurity().isEmpty()) {
            statuses.addAll(List.of("401", "403"));
        }
        if (path.contains("{")) {
            statuses.add("404");
        }
        if (operation.getRequestBody() != null) {
            statuses.addAll(List.of("409", "422"));
        }
        statuses.addAll(List.of("429", OTHERS));
        return statuses;
    }

    private static List<APIResponse> successes(Operation operation) {
        if (operation.getResponses() == null) {
            operation.setResponses(OASFactory.createAPIResponses());
        }
        APIResponses replies = operation.getResponses();
        Map<String, APIResponse> all =
                replies.getAPIResponses() == null ? Map.of() : new LinkedHashMap<>(replies.getAPIResponses());
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("2"))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static void limits(APIResponse reply) {
        RATE_HEADERS.forEach(term -> reply.addHeader(term.name(), header(term.name())));
    }

    private static Parameter parameter(String name) {
        return OASFactory.createParameter().ref(name);
    }

    private static Header header(String name) {
        return OASFactory.createHeader().ref(name);
    }

    private static Schema string() {
        return OASFactory.createSchema().addType(SchemaType.STRING);
    }
}
