/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPortWavePci, IPortWavePciStream, IMiniportWavePci, IMiniportWavePciStream:
 * the two halves of a wave filter and of each of its streams.
 */
#ifndef _WAVEPCI_WAVEPCI_H
#define _WAVEPCI_WAVEPCI_H

#include <wavepci/dma_channel.h>
#include <wavepci/port.h>
#include <wavepci/resource_list.h>
#include <wavepci/service_group.h>

struct iport_wavepci;
struct iport_wavepci_stream;
struct iminiport_wavepci;
struct iminiport_wavepci_stream;

/**
 * struct iport_wavepci_vtbl - methods of IPortWavePci
 * @port: IPort
 * @new_master_dma_channel: Make a DMA channel for the device, and set the
 *	device's DMA mask, the length of its segments as far as the bus left it
 *	open, and the largest buffer. 0; %-EINVAL before Init, without
 *	@scatter_gather, for no or both widths, or a @maximum_length of 0; %-EIO when the platform can't reach the memory;
 *	%-ENOMEM. May sleep. (nf-portcls-iportwavepci-newmasterdmachannel)
 * @notify: There is work for the members of a service group. Callable from
 *	any context: from a service routine of an interrupt the members are
 *	called once the routines are done, otherwise at once.
 *	(nf-portcls-iportwavepci-notify)
 */
struct iport_wavepci_vtbl {
	struct iport_vtbl port;
	int (*new_master_dma_channel)(struct iport_wavepci *self,
				      struct idma_channel **dma_channel,
				      struct iunknown *outer_unknown,
				      struct iresource_list *resource_list,
				      bool scatter_gather,
				      bool dma32bit_addresses,
				      bool dma64bit_addresses,
				      u32 maximum_length);
	void (*notify)(struct iport_wavepci *self,
		       struct iservice_group *service_group);
} __no_randomize_layout;

/**
 * struct iport_wavepci - IPortWavePci
 * @vtbl: methods
 * @port: base
 * @unknown: base
 */
struct iport_wavepci {
	union {
		const struct iport_wavepci_vtbl *vtbl;
		struct iport port;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iport_wavepci, port);

/**
 * struct iport_wavepci_stream_vtbl - methods of IPortWavePciStream
 * @unknown: IUnknown
 * @get_mapping: Give the next mapping: @physical_address for the device,
 *	@virtual_address for the CPU, @byte_count, and in @flags whether it is
 *	the last of its packet and somebody wants to know. @tag is the
 *	miniport's name for it. 0;
 *	%-ENOENT when there is none now: the port calls MappingAvailable once
 *	when there is one; %-EBADFD in %KSSTATE_STOP. Constant time.
 *	(nf-portcls-iportwavepcistream-getmapping)
 * @release_mapping: Give back the oldest open mapping; that of the last one of
 *	a packet completes the packet. 0, or %-EINVAL when @tag isn't the
 *	oldest open mapping's, and then nothing has happened. Constant time.
 *	(nf-portcls-iportwavepcistream-releasemapping)
 * @terminate_packet: Let the application have what has been recorded up to
 *	now, without waiting for the packet to fill; the packet goes on, and
 *	completes as it would have. 0; %-EBADFD when the stream doesn't run; %-EOPNOTSUPP for
 *	playback. (nf-portcls-iportwavepcistream-terminatepacket)
 *
 * Context: any, hard interrupt included. The caller holds no lock of its own,
 * and what it knew of its list before the call may be wrong after it.
 */
struct iport_wavepci_stream_vtbl {
	struct iunknown_vtbl unknown;
	int (*get_mapping)(struct iport_wavepci_stream *self, void *tag,
			   dma_addr_t *physical_address,
			   void **virtual_address, u32 *byte_count,
			   u32 *flags);
	int (*release_mapping)(struct iport_wavepci_stream *self, void *tag);
	int (*terminate_packet)(struct iport_wavepci_stream *self);
} __no_randomize_layout;

/**
 * struct iport_wavepci_stream - IPortWavePciStream
 * @vtbl: methods
 * @unknown: base
 */
struct iport_wavepci_stream {
	union {
		const struct iport_wavepci_stream_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iport_wavepci_stream, unknown);

/**
 * struct iminiport_wavepci_vtbl - methods of IMiniportWavePci
 * @miniport: IMiniport
 * @init: Find and initialize the hardware. The service group it gives back,
 *	if any, is for Service below. 0 or an error, and then nothing is kept.
 *	May sleep. (nf-portcls-iminiportwavepci-init)
 * @new_stream: Make a stream in %KSSTATE_STOP for a pin. The port releases
 *	the stream and the service group when it is done with them, but, as the
 *	model has it, not the DMA channel. Without a service group the port
 *	calls the stream's Service every 20 ms while it runs. 0 or an error.
 *	May sleep. (nf-portcls-iminiportwavepci-newstream)
 * @service: The service group that Init gave has been notified. Any context.
 *	(nf-portcls-iminiportwavepci-service)
 */
struct iminiport_wavepci_vtbl {
	struct iminiport_vtbl miniport;
	int (*init)(struct iminiport_wavepci *self,
		    struct iunknown *unknown_adapter,
		    struct iresource_list *resource_list,
		    struct iport_wavepci *port,
		    struct iservice_group **service_group);
	int (*new_stream)(struct iminiport_wavepci *self,
			  struct iminiport_wavepci_stream **stream,
			  struct iunknown *outer_unknown,
			  struct iport_wavepci_stream *port_stream,
			  u32 pin, bool capture,
			  const struct ksdataformat *data_format,
			  struct idma_channel **dma_channel,
			  struct iservice_group **service_group);
	void (*service)(struct iminiport_wavepci *self);
} __no_randomize_layout;

/**
 * struct iminiport_wavepci - IMiniportWavePci
 * @vtbl: methods
 * @miniport: base
 * @unknown: base
 */
struct iminiport_wavepci {
	union {
		const struct iminiport_wavepci_vtbl *vtbl;
		struct iminiport miniport;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iminiport_wavepci, miniport);

/* Service of a miniport whose Init gives no service group: never called. */
static inline void iminiport_wavepci_no_service(struct iminiport_wavepci *self)
{
}

/**
 * struct iminiport_wavepci_stream_vtbl - methods of IMiniportWavePciStream
 * @unknown: IUnknown
 * @set_format: Change the format; called in %KSSTATE_STOP. 0 or an error. May
 *	sleep. (nf-portcls-iminiportwavepcistream-setformat)
 * @set_state: Go to a neighbouring state. 0 or an error. Between PAUSE and RUN
 *	it is called with interrupts off and ALSA's stream lock held; otherwise
 *	it may sleep. (nf-portcls-iminiportwavepcistream-setstate)
 * @get_position: The byte offset, since the stream left STOP, of the sample at
 *	the converter. 0 or an error. ALSA's stream lock held, interrupts off.
 *	(nf-portcls-iminiportwavepcistream-getposition)
 * @normalize_physical_position: Turn bytes into units of 100 ns. 0 or an
 *	error. Any context.
 *	(nf-portcls-iminiportwavepcistream-normalizephysicalposition)
 * @get_allocator_framing: Say which mappings are preferred. 0 or an error. May
 *	sleep. (nf-portcls-iminiportwavepcistream-getallocatorframing)
 * @revoke_mappings: Take the open mappings from @first_tag to @last_tag out of
 *	the list and the hardware's queue; @mappings_revoked says how many were
 *	still held. The device doesn't touch them any more when it returns. 0
 *	or an error. May sleep. Never called while the stream runs.
 *	(nf-portcls-iminiportwavepcistream-revokemappings)
 * @mapping_available: There is a mapping again, after GetMapping had refused.
 *	Any context; in a streaming ring ALSA's stream lock may be held.
 *	(nf-portcls-iminiportwavepcistream-mappingavailable)
 * @service: The stream's service group has been notified. Called only while
 *	the stream runs. Any context, hard interrupt included; two notifications
 *	at a time are two calls at a time.
 *	(nf-portcls-iminiportwavepcistream-service)
 */
struct iminiport_wavepci_stream_vtbl {
	struct iunknown_vtbl unknown;
	int (*set_format)(struct iminiport_wavepci_stream *self,
			  const struct ksdataformat *data_format);
	int (*set_state)(struct iminiport_wavepci_stream *self,
			 enum ksstate state);
	int (*get_position)(struct iminiport_wavepci_stream *self,
			    u64 *position);
	int (*normalize_physical_position)(
			struct iminiport_wavepci_stream *self, s64 *position);
	int (*get_allocator_framing)(struct iminiport_wavepci_stream *self,
				     struct ksallocator_framing *framing);
	int (*revoke_mappings)(struct iminiport_wavepci_stream *self,
			       void *first_tag, void *last_tag,
			       u32 *mappings_revoked);
	void (*mapping_available)(struct iminiport_wavepci_stream *self);
	void (*service)(struct iminiport_wavepci_stream *self);
} __no_randomize_layout;

/**
 * struct iminiport_wavepci_stream - IMiniportWavePciStream
 * @vtbl: methods
 * @unknown: base
 */
struct iminiport_wavepci_stream {
	union {
		const struct iminiport_wavepci_stream_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iminiport_wavepci_stream, unknown);

extern const guid_t clsid_port_wavepci;

#endif
