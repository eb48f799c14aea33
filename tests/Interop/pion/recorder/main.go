// The peer that MediaScore's receive path is measured beside: a WHIP server on Pion that receives and records (Ogg, IVF, H.264) on one UDP port.
// usage: recorder -http 127.0.0.1:8099 -udp 127.0.0.1:8098 -folder DIR ; GET /statistics answers the packets so far
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media/h264writer"
	"github.com/pion/webrtc/v3/pkg/media/ivfwriter"
	"github.com/pion/webrtc/v3/pkg/media/oggwriter"
)

type writer interface {
	WriteRTP(*rtp.Packet) error
	Close() error
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pion recorder:", err)
		os.Exit(1)
	}
}

func main() {
	address := flag.String("http", "127.0.0.1:8099", "WHIP")
	udp := flag.String("udp", "127.0.0.1:8098", "media")
	folder := flag.String("folder", ".", "recordings")
	flag.Parse()

	local, err := net.ResolveUDPAddr("udp4", *udp)
	check(err)
	socket, err := net.ListenUDP("udp4", local)
	check(err)
	check(socket.SetReadBuffer(4 << 20))
	var settings webrtc.SettingEngine
	settings.SetLite(true)
	// As ours: the sender opens DTLS.
	check(settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer))
	settings.SetICEUDPMux(webrtc.NewICEUDPMux(nil, socket))
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	engine := &webrtc.MediaEngine{}
	check(engine.RegisterDefaultCodecs())
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings))

	var packets, bytes, sessions int64
	http.HandleFunc("/statistics", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]int64{"packets": atomic.LoadInt64(&packets), "bytes": atomic.LoadInt64(&bytes), "sessions": atomic.LoadInt64(&sessions)})
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "DELETE" {
			return
		}
		offer, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
		if err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		pc, err := api.NewPeerConnection(webrtc.Configuration{})
		check(err)
		number := atomic.AddInt64(&sessions, 1)
		pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			name := filepath.Join(*folder, fmt.Sprintf("%d", number))
			var file writer
			var err error
			switch {
			case strings.EqualFold(track.Codec().MimeType, webrtc.MimeTypeOpus):
				file, err = oggwriter.New(name+".ogg", 48000, 2)
			case strings.EqualFold(track.Codec().MimeType, webrtc.MimeTypeVP8):
				file, err = ivfwriter.New(name + ".ivf")
			default:
				file, err = h264writer.New(name + ".h264")
			}
			check(err)
			defer file.Close()
			if track.Kind() == webrtc.RTPCodecTypeVideo {
				go func() {
					for range time.Tick(2 * time.Second) {
						if pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}}) != nil {
							return
						}
					}
				}()
			}
			for {
				packet, _, err := track.ReadRTP()
				if err != nil {
					return
				}
				atomic.AddInt64(&packets, 1)
				atomic.AddInt64(&bytes, int64(packet.MarshalSize()))
				_ = file.WriteRTP(packet)
			}
		})
		if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: string(offer)}); err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		gathered := webrtc.GatheringCompletePromise(pc)
		answer, err := pc.CreateAnswer(nil)
		check(err)
		check(pc.SetLocalDescription(answer))
		<-gathered
		w.Header().Set("Content-Type", "application/sdp")
		w.Header().Set("Location", fmt.Sprintf("/resource/%d", number))
		w.WriteHeader(201)
		_, _ = io.WriteString(w, pc.LocalDescription().SDP)
	})
	fmt.Fprintln(os.Stderr, "pion recorder: listening on", *address)
	check(http.ListenAndServe(*address, nil))
}
