package io.zt4j.spring.boot.server;

import java.util.HashMap;
import java.util.Map;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Publishes the port of the web server on the ZeroTier addresses as the property
 * {@code local.zerotier.server.port}.
 */
public class ZeroTierServerPortInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String PROPERTY = "local.zerotier.server.port";

	private static final String SOURCE = "server.ports";

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		context.addApplicationListener((ApplicationListener<ZeroTierWebServerInitializedEvent>) (event) -> {
			if (event.getApplicationContext() == context) {
				publish(context.getEnvironment().getPropertySources(), event.getWebServer().getPort());
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static void publish(MutablePropertySources sources, int port) {
		PropertySource<?> source = sources.get(SOURCE);
		if (source == null) {
			source = new MapPropertySource(SOURCE, new HashMap<>());
			sources.addFirst(source);
		}
		((Map<String, Object>) source.getSource()).put(PROPERTY, port);
	}

}
