package com.cognitionos.system;

import com.cognitionos.kernel.RequiresScope;
import com.google.gson.JsonObject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Everything in the packaged product that answers a request, found in its archives and nowhere else. */
final class Endpoints {

    private static final Set<String> METHODS =
            Set.of("get", "post", "put", "patch", "delete", "head", "options", "trace");
    private static final Pattern PATTERN = Pattern.compile("<url-pattern>([^<]*)</url-pattern>");
    private static final Pattern SERVLET_MAPPING = Pattern.compile("(?s)<servlet-mapping>.*?</servlet-mapping>");

    /** A resource method, page or servlet, and what its code declares. */
    record Endpoint(
            String door,
            String method,
            String path,
            Optional<String> scope,
            boolean openWhenSuspended,
            boolean uncounted) {
        String name() {
            return door + " " + method + " " + path;
        }
    }

    private final java.nio.file.Path unpacked;
    private final URLClassLoader classes;

    Endpoints() {
        java.nio.file.Path ear =
                java.nio.file.Path.of(System.getProperty("cognitionos.home"), "ear", "target", "cognitionos.ear");
        try {
            unpacked = Files.createTempDirectory("cognitionos-ear");
            unzip(ear, unpacked);
            for (String war : List.of("api-rest", "portal-web")) {
                unzip(unpacked.resolve(war + ".war"), unpacked.resolve(war));
            }
            List<URL> places = new ArrayList<>();
            places.add(url(unpacked.resolve("api-rest/WEB-INF/classes")));
            places.add(url(unpacked.resolve("portal-web/WEB-INF/classes")));
            try (Stream<java.nio.file.Path> jars = Files.walk(unpacked)) {
                jars.filter(jar -> jar.toString().endsWith(".jar")).forEach(jar -> places.add(url(jar)));
            }
            classes = new URLClassLoader(places.toArray(URL[]::new), Endpoints.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them by name. */
    SortedMap<String, Endpoint> all() {
        SortedMap<String, Endpoint> all = new TreeMap<>();
        Stream.of(resourceMethods(), pages(), servlets("api-rest", "/api"), servlets("portal-web", ""))
                .flatMap(List::stream)
                .forEach(endpoint -> all.put(endpoint.name(), endpoint));
        return all;
    }

    /** The methods of the JAX-RS resources. */
    List<Endpoint> resourceMethods() {
        List<Endpoint> found = new ArrayList<>();
        List<Class<?>> types = typesOf("api-rest");
        String root = "/api"
                + types.stream()
                        .map(type -> type.getAnnotation(ApplicationPath.class))
                        .filter(java.util.Objects::nonNull)
                        .findFirst()
                        .orElseThrow()
                        .value();
        for (Class<?> type : types) {
            if (!type.isAnnotationPresent(Path.class) || Modifier.isAbstract(type.getModifiers())) {
                continue;
            }
            for (Method method : type.getMethods()) {
                Path path = method.getAnnotation(Path.class);
                List<String> verbs = Arrays.stream(method.getAnnotations())
                        .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                        .filter(java.util.Objects::nonNull)
                        .map(HttpMethod::value)
                        .toList();
                if (path != null && verbs.isEmpty()) {
                    throw new AssertionError(method + " is a sub-resource locator, which this test cannot follow");
                }
                verbs.forEach(verb -> found.add(new Endpoint(
                        "api",
                        verb,
                        root + address(type.getAnnotation(Path.class)) + address(path),
                        scope(method),
                        has(method, type, "OpenWhenSuspended"),
                        has(method, type, "Uncounted"))));
            }
        }
        return found;
    }

    /** The same from the published description of the API, with the media type that a body is wanted in. */
    static SortedMap<String, String> documented(JsonObject openApi) {
        SortedMap<String, String> found = new TreeMap<>();
        for (Map.Entry<String, com.google.gson.JsonElement> path :
                openApi.getAsJsonObject("paths").entrySet()) {
            JsonObject item = path.getValue().getAsJsonObject();
            String address = path.getKey().startsWith("/api/") ? path.getKey() : "/api" + path.getKey();
            for (String verb : item.keySet()) {
                if (METHODS.contains(verb)) {
                    JsonObject body = item.getAsJsonObject(verb).getAsJsonObject("requestBody");
                    Set<String> types = body == null || !body.has("content")
                            ? Set.of()
                            : body.getAsJsonObject("content").keySet();
                    String type = types.isEmpty() || types.contains("application/json") || types.contains("*/*")
                            ? "application/json"
                            : types.iterator().next();
                    found.put("api " + verb.toUpperCase(Locale.ROOT) + " " + address, type);
                }
            }
        }
        return found;
    }

    /** The Faces pages; what lies below WEB-INF or resources is a part of them. */
    List<Endpoint> pages() {
        java.nio.file.Path war = unpacked.resolve("portal-web");
        try (Stream<java.nio.file.Path> files = Files.walk(war)) {
            return files.map(file -> war.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".xhtml")
                            && !file.startsWith("WEB-INF/")
                            && !file.startsWith("META-INF/")
                            && !file.startsWith("resources/"))
                    .map(file -> new Endpoint(
                            "page", "GET", "/" + file.substring(0, file.length() - 6), Optional.empty(), false, false))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Endpoint> servlets(String war, String context) {
        List<Endpoint> found = new ArrayList<>();
        for (Class<?> type : typesOf(war)) {
            WebServlet servlet = type.getAnnotation(WebServlet.class);
            if (servlet == null) {
                continue;
            }
            List<String> verbs = Arrays.stream(type.getDeclaredMethods())
                    .map(Method::getName)
                    .filter(name -> name.matches("do(Get|Post|Put|Patch|Delete)|service"))
                    .map(name ->
                            name.equals("service") ? "GET" : name.substring(2).toUpperCase(Locale.ROOT))
                    .distinct()
                    .toList();
            for (String pattern : servlet.value().length > 0 ? servlet.value() : servlet.urlPatterns()) {
                String path = context + (pattern.isEmpty() ? "/" : pattern);
                verbs.forEach(verb -> found.add(new Endpoint("servlet", verb, path, Optional.empty(), false, false)));
            }
        }
        return found;
    }

    /** The patterns that the deployment descriptors give to servlets. */
    Set<String> mappedByDescriptor() {
        Set<String> found = new TreeSet<>();
        for (String war : List.of("api-rest", "portal-web")) {
            try {
                Matcher mappings = SERVLET_MAPPING.matcher(
                        Files.readString(unpacked.resolve(war).resolve("WEB-INF/web.xml"), StandardCharsets.UTF_8));
                while (mappings.find()) {
                    Matcher patterns = PATTERN.matcher(mappings.group());
                    while (patterns.find()) {
                        found.add(war + " " + patterns.group(1));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private List<Class<?>> typesOf(String war) {
        java.nio.file.Path root = unpacked.resolve(war).resolve("WEB-INF/classes");
        try (Stream<java.nio.file.Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .sorted()
                    .<Class<?>>map(file -> load(file.substring(0, file.length() - 6)
                            .replace('/', '.')
                            .replace('\\', '.')))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Class<?> load(String name) {
        try {
            return Class.forName(name, false, classes);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<String> scope(Method method) {
        if (has(method, "Public")) {
            return Optional.of("public");
        }
        return Optional.ofNullable(method.getAnnotation(RequiresScope.class)).map(RequiresScope::value);
    }

    private static boolean has(Method method, Class<?> type, String annotation) {
        return has(method, annotation) || has(type, annotation) || has(method.getDeclaringClass(), annotation);
    }

    private static boolean has(AnnotatedElement element, String annotation) {
        return Arrays.stream(element.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type -> type.getSimpleName().equals(annotation));
    }

    /** As it stands in the code, with one slash before it, none after it, and templates without their patterns. */
    private static String address(Path path) {
        String bare =
                path == null ? "" : path.value().replaceAll("^/+|/+$", "").replaceAll("\\{\\s*(\\w+)[^}]*}", "{$1}");
        return bare.isEmpty() ? "" : "/" + bare;
    }

    private static URL url(java.nio.file.Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private static void unzip(java.nio.file.Path archive, java.nio.file.Path to) throws IOException {
        try (InputStream in = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                java.nio.file.Path target = to.resolve(entry.getName()).normalize();
                if (!target.startsWith(to)) {
                    throw new IOException("an entry outside of its archive: " + entry.getName());
                }
                if (!entry.isDirectory()) {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
