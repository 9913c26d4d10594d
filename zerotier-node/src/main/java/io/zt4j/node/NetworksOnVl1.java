package io.zt4j.node;

import java.net.InetAddress;
import java.util.Collection;

import io.zt4j.node.identity.Address;
import io.zt4j.node.network.Networks;
import io.zt4j.node.peer.UpperLayer;

/**
 * VL2 as VL1 sees it.
 */
record NetworksOnVl1(Networks networks) implements UpperLayer {

	@Override
	public void receiveComplete() {
		this.networks.receiveComplete();
	}

	@Override
	public void online() {
		this.networks.online();
	}

	@Override
	public boolean isManaged(InetAddress address) {
		return this.networks.isManaged(address);
	}

	@Override
	public Collection<Address> contacts() {
		return this.networks.contacts();
	}

}
