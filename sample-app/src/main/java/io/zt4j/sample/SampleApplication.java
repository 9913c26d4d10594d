package io.zt4j.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Runs one role, {@code --spring.profiles.active=controller|orders|gateway}, or without a
 * profile all three in this process, each in an application context of its own.
 */
@SpringBootApplication
public class SampleApplication {

	/**
	 * Start the application.
	 * @param args command line
	 */
	public static void main(String[] args) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(args));
		if (environment.containsProperty("spring.profiles.active")
				|| environment.containsProperty("SPRING_PROFILES_ACTIVE")) {
			SpringApplication.run(SampleApplication.class, args);
		}
		else {
			AllInOne.run((role) -> args);
		}
	}

}
