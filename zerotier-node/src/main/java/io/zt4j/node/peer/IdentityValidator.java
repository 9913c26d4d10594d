package io.zt4j.node.peer;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import io.netty.channel.EventLoop;
import io.zt4j.node.identity.Identity;

/**
 * Runs the memory-hard check of identities (VL1 1.5) away from the event loop, a bounded
 * number at a time.
 */
final class IdentityValidator {

	private static final int PENDING = 64;

	private final Executor executor;

	private final EventLoop loop;

	private int pending;

	IdentityValidator(Executor executor, EventLoop loop) {
		this.executor = executor;
		this.loop = loop;
	}

	/**
	 * Check an identity.
	 * @param identity the identity
	 * @param result takes the result, on the event loop, after this method returned
	 * @return false if too many are being checked; {@code result} is not called then
	 */
	boolean validate(Identity identity, Consumer<Boolean> result) {
		if (this.pending >= PENDING) {
			return false;
		}
		this.pending++;
		try {
			this.executor.execute(() -> {
				boolean valid = identity.isValid();
				try {
					this.loop.execute(() -> {
						this.pending--;
						result.accept(valid);
					});
				}
				catch (RejectedExecutionException ex) {
					// the node ended meanwhile
				}
			});
			return true;
		}
		catch (RejectedExecutionException ex) {
			this.pending--;
			return false;
		}
	}

}
