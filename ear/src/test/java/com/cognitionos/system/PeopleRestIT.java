package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The people of a tenant and of the platform by the API, in the demo world. */
@SharedProduct
class PeopleRestIT {

    private static final Product PRODUCT = Product.shared();

    private static Api northwind() {
        return PRODUCT.api().with("X-Tenant-Slug", "northwind");
    }

    private static Stream<JsonObject> members(Api api) {
        return list(api.get("/v3/members").expect(200).json().getAsJsonArray("members"));
    }

    private static Stream<JsonObject> list(Iterable<JsonElement> elements) {
        return StreamSupport.stream(elements.spliterator(), false).map(JsonElement::getAsJsonObject);
    }

    private static JsonObject member(Api api, String email) {
        return members(api)
                .filter(member -> member.get("email").getAsString().equals(email))
                .findFirst()
                .orElseThrow();
    }

    private static String role(String role) {
        return "{\"role\": \"" + role + "\"}";
    }

    @Test
    void membersAreListedAndChangedButOwnersOnlyByThePlatform() {
        assertThat(members(northwind()).map(member -> member.get("role").getAsString()))
                .contains("owner", "admin", "billing", "developer", "viewer");
        Api key = keyOfNorthwind("tenants:read", "tenants:write");
        String tom = member(key, "tom@northwind.example").get("user_id").getAsString();
        String ada = member(key, "ada@northwind.example").get("user_id").getAsString();

        assertThat(key.put("/v3/members/" + tom, role("viewer"))
                        .expect(200)
                        .json()
                        .get("role")
                        .getAsString())
                .isEqualTo("viewer");
        key.put("/v3/members/" + tom, role("developer")).expect(200);
        assertThat(key.put("/v3/members/" + tom, role("owner")).expect(403).code())
                .isEqualTo("owner_required");
        key.put("/v3/members/" + ada, role("viewer")).expect(403);
        key.delete("/v3/members/" + ada).expect(403);
        key.put("/v3/members/" + tom, role("operator")).expect(422);
        key.put("/v3/members/01980000-0000-7000-8000-000000000000", role("viewer"))
                .expect(404);
        assertThat(northwind().delete("/v3/members/" + ada).expect(409).code()).isEqualTo("last_owner");
        northwind().put("/v3/members/" + tom, role("owner")).expect(200);
        northwind().put("/v3/members/" + tom, role("developer")).expect(200);
        keyOfNorthwind("tenants:read").put("/v3/members/" + tom, role("viewer")).expect(403);
        PRODUCT.api().as("").get("/v3/members").expect(401);
    }

    /** The plan has five keys, and others use the same demo world. */
    @AfterEach
    void revokeKeys() {
        list(northwind().get("/v3/api-keys").expect(200).json().getAsJsonArray("api_keys"))
                .filter(key -> key.get("name").getAsString().equals("test"))
                .forEach(key -> northwind()
                        .delete("/v3/api-keys/" + key.get("id").getAsString())
                        .expect(204));
    }

    private static Api keyOfNorthwind(String... scopes) {
        JsonObject tenant = list(PRODUCT.api()
                        .get("/v3/tenants?q=northwind")
                        .expect(200)
                        .json()
                        .getAsJsonArray("tenants"))
                .findFirst()
                .orElseThrow();
        return PRODUCT.api().keyFor(tenant.get("id").getAsString(), scopes);
    }

    @Test
    void invitationsGoOutByMailIntoAFileThatNobodyElseReads() throws IOException {
        Api key = keyOfNorthwind("tenants:read", "tenants:write");
        String body = "{\"email\": \"Nina@northwind.example\", \"role\": \"viewer\"}";
        JsonObject invitation = key.post("/v3/invitations", body).expect(201).json();
        assertThat(invitation.get("email").getAsString()).isEqualTo("nina@northwind.example");
        assertThat(invitation.keySet()).doesNotContain("token");
        assertThat(list(key.get("/v3/invitations").expect(200).json().getAsJsonArray("invitations"))
                        .map(open -> open.get("id").getAsString()))
                .contains(invitation.get("id").getAsString());

        Await.until("the mail", 30, () -> mailsTo("nina@northwind.example").size() == 1);
        Path mail = mailsTo("nina@northwind.example").get(0);
        assertThat(Files.readString(mail)).contains(PRODUCT.url() + "/invitation?token=");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mail)))
                .isEqualTo("rw-------");

        key.post("/v3/invitations", "{\"email\": \"x@northwind.example\", \"role\": \"owner\"}")
                .expect(403);
        key.post("/v3/invitations", "{\"email\": \"no address\", \"role\": \"viewer\"}")
                .expect(422);
        key.post("/v3/invitations", "{\"email\": \"tom@northwind.example\", \"role\": \"viewer\"}")
                .expect(409);
        String id = invitation.get("id").getAsString();
        key.delete("/v3/invitations/" + id).expect(204);
        key.delete("/v3/invitations/" + id).expect(404);
    }

    private static List<Path> mailsTo(String email) {
        Path directory = PRODUCT.data().resolve("mail");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .filter(file -> read(file).contains("To: " + email))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void staffIsListedInvitedAndChanged() {
        Api operator = PRODUCT.api();
        List<JsonObject> staff = list(operator.get("/v3/staff")
                        .expect(200)
                        .json()
                        .getAsJsonArray("staff"))
                .toList();
        JsonObject olivia = staff.stream()
                .filter(person -> person.get("email").getAsString().equals("olivia@cognitionos.example"))
                .findFirst()
                .orElseThrow();
        String id = olivia.get("user_id").getAsString();
        assertThat(olivia.getAsJsonArray("roles").toString()).isEqualTo("[\"operator\"]");

        assertThat(operator.put("/v3/staff/" + id, "{\"roles\": [\"operator\", \"reviewer\"]}")
                        .expect(200)
                        .json()
                        .getAsJsonArray("roles")
                        .toString())
                .isEqualTo("[\"operator\",\"reviewer\"]");
        operator.put("/v3/staff/" + id, "{\"roles\": [\"operator\"]}").expect(200);
        assertThat(operator.put("/v3/staff/" + id, "{\"roles\": []}")
                        .expect(409)
                        .code())
                .isEqualTo("last_operator");
        operator.put("/v3/staff/" + id, "{\"roles\": [\"owner\"]}").expect(422);
        String invitation = operator.post(
                        "/v3/staff/invitations", "{\"email\": \"rosa@cognitionos.example\", \"role\": \"reviewer\"}")
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        operator.delete("/v3/staff/invitations/" + invitation).expect(204);
        keyOfNorthwind("tenants:read", "tenants:write").get("/v3/staff").expect(403);
    }

    @Test
    void theBoxShowsASignInForEachRole() {
        assertThat(PRODUCT.console())
                .contains("northwind admin", "northwind viewer", "platform operator", "platform finance");
    }
}
