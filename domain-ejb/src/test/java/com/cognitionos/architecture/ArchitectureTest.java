package com.cognitionos.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.TenantWall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;

/** The rules that hold the components apart. */
@AnalyzeClasses(packages = "com.cognitionos", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule COMPONENTS_HAVE_NO_CYCLES =
            slices().matching("com.cognitionos.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule CONTROLS_STAY_IN_THEIR_COMPONENT = classes()
            .that(describe(
                    "belong to a component", type -> type.getPackageName().matches("com\\.cognitionos\\.\\w+\\.\\w+")))
            .should(keepOutOfForeignControls());

    @ArchTest
    static final ArchRule THE_DOMAIN_KNOWS_NO_DOOR = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "jakarta.faces..", "jakarta.servlet..", "jakarta.batch..");

    @ArchTest
    static final ArchRule TIME_COMES_FROM_THE_BUSINESS_CLOCK = noClasses()
            .that()
            .areNotAssignableTo(BusinessClock.class)
            .and()
            .areNotAssignableTo(Ids.class)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    /** Fails on a boundary that would touch the database as nobody. */
    @ArchTest
    static final ArchRule BOUNDARIES_ARE_BEHIND_THE_WALL = classes()
            .that()
            .areAnnotatedWith(Stateless.class)
            .and(describe("have transactions of their own", type -> !type.isAnnotatedWith(TransactionAttribute.class)))
            .should()
            .beAnnotatedWith(TenantWall.class);

    private static ArchCondition<JavaClass> keepOutOfForeignControls() {
        return new ArchCondition<>("not use the control of another component") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> {
                            String target = dependency.getTargetClass().getPackageName();
                            return target.matches("com\\.cognitionos\\.\\w+\\.control")
                                    && !component(target).equals(component(type.getPackageName()));
                        })
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }

    private static String component(String packageName) {
        return packageName.split("\\.")[2];
    }
}
