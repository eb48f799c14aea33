// Sends an Ogg Opus file and an IVF (VP8) or Annex B (H.264) file to a WHIP endpoint with Pion.
// usage: sender -url URL -token TOKEN -audio a.ogg -video v.ivf|v.h264 -seconds 30
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
	"github.com/pion/webrtc/v3/pkg/media/h264reader"
	"github.com/pion/webrtc/v3/pkg/media/ivfreader"
	"github.com/pion/webrtc/v3/pkg/media/oggreader"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pion:", err)
		os.Exit(1)
	}
}

func main() {
	url := flag.String("url", "", "WHIP endpoint")
	token := flag.String("token", "", "bearer token")
	audio := flag.String("audio", "audio.ogg", "Ogg Opus, one packet a page")
	video := flag.String("video", "video.ivf", "IVF with VP8, or Annex B H.264")
	fps := flag.Float64("fps", 30, "of an Annex B file")
	seconds := flag.Int("seconds", 30, "how long to send")
	turn := flag.String("turn", "", "relay every packet over this TURN server (turn:HOST:PORT?transport=tcp); user and credential with -user and -credential")
	user := flag.String("user", "", "TURN user name")
	credential := flag.String("credential", "", "TURN password")
	flag.Parse()

	configuration := webrtc.Configuration{}
	if *turn != "" {
		configuration.ICETransportPolicy = webrtc.ICETransportPolicyRelay
		configuration.ICEServers = []webrtc.ICEServer{{URLs: []string{*turn}, Username: *user, Credential: *credential}}
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	engine := &webrtc.MediaEngine{}
	check(engine.RegisterDefaultCodecs())
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings)).NewPeerConnection(configuration)
	check(err)
	mime := webrtc.MimeTypeVP8
	if strings.HasSuffix(*video, ".h264") {
		mime = webrtc.MimeTypeH264
	}
	sound, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", "interop")
	check(err)
	picture, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: mime}, "video", "interop")
	check(err)
	for _, track := range []webrtc.TrackLocal{sound, picture} {
		sender, err := pc.AddTrack(track)
		check(err)
		for _, transceiver := range pc.GetTransceivers() {
			if transceiver.Sender() == sender && track == picture {
				// The receiver answers one codec, of its choice: offer only what the file holds.
				check(transceiver.SetCodecPreferences(only(mime)))
			}
		}
		go func() { // RTCP has to be read for NACKs to be answered.
			buffer := make([]byte, 1500)
			for {
				if _, _, err := sender.Read(buffer); err != nil {
					return
				}
			}
		}()
	}

	connected := make(chan bool, 1)
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		fmt.Fprintln(os.Stderr, "pion:", state)
		if state == webrtc.PeerConnectionStateConnected {
			connected <- true
		}
	})
	offer, err := pc.CreateOffer(nil)
	check(err)
	gathered := webrtc.GatheringCompletePromise(pc)
	check(pc.SetLocalDescription(offer))
	<-gathered
	request, err := http.NewRequest("POST", *url, bytes.NewBufferString(pc.LocalDescription().SDP))
	check(err)
	request.Header.Set("Content-Type", "application/sdp")
	request.Header.Set("Authorization", "Bearer "+*token)
	response, err := http.DefaultClient.Do(request)
	check(err)
	answer, err := io.ReadAll(response.Body)
	check(err)
	if response.StatusCode != 201 {
		check(fmt.Errorf("POST answered %s: %s", response.Status, answer))
	}
	check(pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)}))
	select {
	case <-connected:
	case <-time.After(15 * time.Second):
		check(errors.New("not connected after 15 s"))
	}

	end := time.Now().Add(time.Duration(*seconds) * time.Second)
	audioDone, videoDone := make(chan int), make(chan int)
	go func() { audioDone <- sendOgg(sound, *audio, end) }()
	if mime == webrtc.MimeTypeH264 {
		go func() { videoDone <- sendH264(picture, *video, *fps, end) }()
	} else {
		go func() { videoDone <- sendIvf(picture, *video, end) }()
	}
	audioCount, videoCount := <-audioDone, <-videoDone
	time.Sleep(2 * time.Second) // What was lost is still sent again.
	if location := response.Header.Get("Location"); location != "" {
		resource, err := response.Request.URL.Parse(location)
		check(err)
		gone, err := http.NewRequest("DELETE", resource.String(), nil)
		check(err)
		gone.Header.Set("Authorization", "Bearer "+*token)
		deleted, err := http.DefaultClient.Do(gone)
		check(err)
		fmt.Fprintln(os.Stderr, "pion: DELETE", deleted.Status)
	}
	check(pc.Close())
	check(json.NewEncoder(os.Stdout).Encode(map[string]int{"audioFrames": audioCount, "videoFrames": videoCount}))
}

func only(mime string) []webrtc.RTPCodecParameters {
	feedback := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "goog-remb"}}
	if mime == webrtc.MimeTypeH264 {
		capability := webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 90000, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", RTCPFeedback: feedback}
		return []webrtc.RTPCodecParameters{{RTPCodecCapability: capability, PayloadType: 125}}
	}
	return []webrtc.RTPCodecParameters{{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 90000, RTCPFeedback: feedback}, PayloadType: 96}}
}

func sendOgg(track *webrtc.TrackLocalStaticSample, path string, end time.Time) int {
	count := 0
	next := time.Now()
	for {
		file, err := os.Open(path)
		check(err)
		reader, _, err := oggreader.NewWith(file)
		check(err)
		for {
			page, header, err := reader.ParseNextPage()
			if errors.Is(err, io.EOF) {
				break
			}
			check(err)
			if header.GranulePosition == 0 || bytes.HasPrefix(page, []byte("OpusTags")) {
				continue
			}
			check(track.WriteSample(media.Sample{Data: page, Duration: 20 * time.Millisecond}))
			count++
			next = next.Add(20 * time.Millisecond)
			if next.After(end) {
				return count
			}
			time.Sleep(time.Until(next))
		}
		check(file.Close())
	}
}

func sendIvf(track *webrtc.TrackLocalStaticSample, path string, end time.Time) int {
	count := 0
	next := time.Now()
	for {
		file, err := os.Open(path)
		check(err)
		reader, header, err := ivfreader.NewWith(file)
		check(err)
		period := time.Duration(float64(time.Second) * float64(header.TimebaseNumerator) / float64(header.TimebaseDenominator))
		for {
			frame, _, err := reader.ParseNextFrame()
			if errors.Is(err, io.EOF) {
				break
			}
			check(err)
			check(track.WriteSample(media.Sample{Data: frame, Duration: period}))
			count++
			next = next.Add(period)
			if next.After(end) {
				return count
			}
			time.Sleep(time.Until(next))
		}
		check(file.Close())
	}
}

func sendH264(track *webrtc.TrackLocalStaticSample, path string, fps float64, end time.Time) int {
	count := 0
	next := time.Now()
	period := time.Duration(float64(time.Second) / fps)
	for {
		file, err := os.Open(path)
		check(err)
		reader, err := h264reader.NewReader(file)
		check(err)
		for {
			unit, err := reader.NextNAL()
			if errors.Is(err, io.EOF) {
				break
			}
			check(err)
			picture := unit.UnitType == h264reader.NalUnitTypeCodedSliceIdr || unit.UnitType == h264reader.NalUnitTypeCodedSliceNonIdr
			duration := time.Duration(0)
			if picture {
				duration = period
			}
			check(track.WriteSample(media.Sample{Data: unit.Data, Duration: duration}))
			if !picture {
				continue
			}
			count++
			next = next.Add(period)
			if next.After(end) {
				return count
			}
			time.Sleep(time.Until(next))
		}
		check(file.Close())
	}
}
