sdbench.study = {
 "name": "microworld",
 "question": "Which of four personalization methods puts the right, rightly spelled logo where the prompt wants it?",
 "select": "average(ocr, yolo)",
 "missing": [],
 "metrics": [
  {
   "name": "average(ocr, yolo)",
   "title": "average(ocr, yolo)",
   "unit": "",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "as ocr and yolo",
   "preprocessing": "none",
   "aggregation": "mean",
   "version": 1,
   "source": "logo personalization thesis, June 2023",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "",
   "failed": null
  },
  {
   "name": "yolo",
   "title": "Logo confidence",
   "unit": "confidence",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "YOLOv8 (red_hugo_logo.onnx, onnxruntime)",
   "preprocessing": "letterboxed to the detector's input, RGB in [0, 1]",
   "aggregation": "mean of each image's best confidence; 0 where none reaches 0.001",
   "version": 1,
   "source": "Jocher et al. 2023, ultralytics YOLOv8; the thesis's mean_confidence_score",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "presence",
   "failed": null
  },
  {
   "name": "ocr",
   "title": "Spelling",
   "unit": "exact",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "rapidocr",
   "preprocessing": "enlarged to 384 px; NFC, upper case, letters and digits only",
   "aggregation": "mean; an image in which nothing is read counts as 0",
   "version": 1,
   "source": "the thesis's mean_ocr_score: one line equals the lettering",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "spelling",
   "failed": null
  },
  {
   "name": "ocr_edit",
   "title": "Spelling, best window",
   "unit": "edit similarity",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "rapidocr",
   "preprocessing": "enlarged to 384 px; NFC, upper case, letters and digits only",
   "aggregation": "mean; an image in which nothing is read counts as 0",
   "version": 1,
   "source": "Levenshtein 1966",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "spelling",
   "failed": null
  },
  {
   "name": "logo",
   "title": "Right logo, right spelling",
   "unit": "share",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "YOLOv8 (red_hugo_logo.onnx, onnxruntime), rapidocr",
   "preprocessing": "crop of the best box with a margin of 0.15 of its sides; enlarged to 384 px; NFC, upper case, letters and digits only",
   "aggregation": "mean; a logo is a box of at least 0.25 confidence",
   "version": 1,
   "source": "sdbench: both of the thesis's scores at once",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "spelling",
   "failed": null
  },
  {
   "name": "logo_found",
   "title": "Logo found",
   "unit": "share",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "YOLOv8 (red_hugo_logo.onnx, onnxruntime)",
   "preprocessing": "letterboxed to the detector's input",
   "aggregation": "mean; a logo is a box of at least 0.25 confidence",
   "version": 1,
   "source": "sdbench: both of the thesis's scores at once",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "presence",
   "failed": null
  },
  {
   "name": "clip_text",
   "title": "Prompt similarity",
   "unit": "cosine",
   "direction": "higher",
   "low": -1.0,
   "high": 1.0,
   "backbone": "CLIP bundled:clip",
   "preprocessing": "the model's own; the identifier in the prompt replaced by the class words",
   "aggregation": "mean",
   "version": 1,
   "source": "Hessel et al. 2021, arXiv 2104.08718, without its factor of 2.5; CLIP-T of arXiv 2208.12242",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "prompt",
   "failed": null
  },
  {
   "name": "clip_image",
   "title": "Subject similarity",
   "unit": "cosine",
   "direction": "higher",
   "low": -1.0,
   "high": 1.0,
   "backbone": "CLIP bundled:clip",
   "preprocessing": "the model's own",
   "aggregation": "mean of each image's mean cosine to the held-out pictures, itself left out",
   "version": 1,
   "source": "CLIP-I of DreamBooth, arXiv 2208.12242, section 4.2",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "identity",
   "failed": "degradation: noise: order 0.600, wanted \u2265 0.9; degradation: occlusion: order 0.829, wanted \u2265 0.9; degradation: jpeg: order 0.829, wanted \u2265 0.9; truth: traits of the subject: Spearman 0.059, wanted \u2265 0.5, interval above 0; truth: traits of the subject, by bundled:encoder too: Kendall 0.167, wanted \u2265 0.5, interval above 0"
  },
  {
   "name": "dino",
   "title": "Subject similarity (DINO)",
   "unit": "cosine",
   "direction": "higher",
   "low": -1.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean of each image's mean cosine to the held-out pictures, itself left out",
   "version": 1,
   "source": "DINO of DreamBooth, arXiv 2208.12242, section 4.2, against held-out pictures",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "identity",
   "failed": "degradation: noise: order 0.029, wanted \u2265 0.9; truth: traits of the subject: Spearman 0.413, wanted \u2265 0.5, interval above 0; truth: traits of the subject, by bundled:clip too: Kendall 0.167, wanted \u2265 0.5, interval above 0"
  },
  {
   "name": "diversity_lpips",
   "title": "Diversity (LPIPS)",
   "unit": "LPIPS",
   "direction": "higher",
   "low": 0.0,
   "high": 1000000000.0,
   "backbone": "LPIPS 0.1 (AlexNet)",
   "preprocessing": "resized to 256 x 256 px (bicubic), RGB in [-1, 1]",
   "aggregation": "mean of each image's mean distance to the others of its prompt",
   "version": 1,
   "source": "Zhang et al. 2018, arXiv 1801.03924, equation 1",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "diversity",
   "failed": "not audited: LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`"
  },
  {
   "name": "diversity_features",
   "title": "Diversity (features)",
   "unit": "1 - cosine",
   "direction": "higher",
   "low": 0.0,
   "high": 2.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean of each image's mean distance to the others of its prompt",
   "version": 1,
   "source": "cosine distance of image vectors; not LPIPS",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "diversity",
   "failed": "truth: different scenes, by bundled:clip too: Kendall 0.456, wanted \u2265 0.5, interval above 0"
  },
  {
   "name": "diversity_vendi",
   "title": "Diversity (Vendi)",
   "unit": "images",
   "direction": "higher",
   "low": 1.0,
   "high": 1000000000.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean over prompts of the effective number of different images",
   "version": 1,
   "source": "Friedman and Dieng 2022, arXiv 2210.02410, cosine kernel",
   "headline": true,
   "prompts": "",
   "per": "prompt",
   "judges": "diversity",
   "failed": null
  },
  {
   "name": "memorization",
   "title": "Memorization",
   "unit": "share of background",
   "direction": "lower",
   "low": 0.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean share of training pictures whose nearest other one is further than the image's nearest",
   "version": 1,
   "source": "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "memorization",
   "failed": null
  },
  {
   "name": "memorization_duplicate",
   "title": "Near-duplicates",
   "unit": "images",
   "direction": "lower",
   "low": 0.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "share of images nearer to a training picture than any two training pictures are",
   "version": 1,
   "source": "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "memorization",
   "failed": null
  },
  {
   "name": "memorization_nearest",
   "title": "Nearest training picture",
   "unit": "cosine",
   "direction": "lower",
   "low": -1.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean of each image's highest cosine to a training picture",
   "version": 1,
   "source": "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "memorization",
   "failed": null
  }
 ],
 "costs": [
  {
   "name": "train_seconds",
   "title": "train s",
   "unit": 1
  },
  {
   "name": "generate_seconds",
   "title": "generate s",
   "unit": 1
  },
  {
   "name": "peak_memory_bytes",
   "title": "peak MB",
   "unit": 1000000.0
  },
  {
   "name": "trainable_parameters",
   "title": "trainable",
   "unit": 1
  },
  {
   "name": "weight_bytes",
   "title": "weights MB",
   "unit": 1000000.0
  },
  {
   "name": "train_energy_joules",
   "title": "train J",
   "unit": 1
  },
  {
   "name": "generate_energy_joules",
   "title": "generate J",
   "unit": 1
  },
  {
   "name": "co2_grams",
   "title": "CO2 g",
   "unit": 1
  }
 ],
 "rows": [
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "real",
   "parameters": "",
   "label": "real",
   "kind": "real",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 8,
   "clusters": 8,
   "lr": null,
   "steps": null,
   "pictures": true,
   "trajectory": "red_hugo_logo microworld real ",
   "cells": [
    3
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.988364,
     "low": 0.987701,
     "high": 0.988922,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "yolo": {
     "value": 0.976728,
     "low": 0.975403,
     "high": 0.977844,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr_edit": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo_found": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_text": {
     "value": 0.900858,
     "low": 0.883992,
     "high": 0.918209,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_image": {
     "value": 0.0575013,
     "low": -0.0107131,
     "high": 0.125687,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "dino": {
     "value": 0.204837,
     "low": 0.102388,
     "high": 0.291282,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 8,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       8
      ]
     ]
    },
    "diversity_features": {
     "value": 0.795163,
     "low": 0.708718,
     "high": 0.897612,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 4.0842,
     "low": null,
     "high": null,
     "n": 1,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.390625,
     "low": 0.15625,
     "high": 0.6875,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.125,
     "low": 0,
     "high": 0.5,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.747829,
     "low": 0.612846,
     "high": 0.884764,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 0.003,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "lora",
   "parameters": "lr0.003_steps400",
   "label": "lora",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.003,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld lora lr0.003",
   "cells": [
    7
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.974015,
     "low": 0.946152,
     "high": 0.987945,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.94803,
     "low": 0.892305,
     "high": 0.97589,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.975,
     "low": 0.925,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.975,
     "low": 0.925,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.798574,
     "low": 0.780587,
     "high": 0.815995,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.177432,
     "low": 0.152988,
     "high": 0.202317,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.319134,
     "low": 0.295602,
     "high": 0.342986,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.127343,
     "low": 0.0745232,
     "high": 0.185248,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 1.49837,
     "low": 1.01754,
     "high": 2.3613,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.384375,
     "low": 0.315625,
     "high": 0.4625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.075,
     "low": 0,
     "high": 0.175,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.814637,
     "low": 0.770308,
     "high": 0.859089,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 84.068,
    "generate_seconds": 37.487,
    "peak_memory_bytes": 1712431104,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "lora",
   "parameters": "lr0.001_steps400",
   "label": "lora",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.001,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld lora lr0.001",
   "cells": [
    6
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.95012,
     "low": 0.888149,
     "high": 0.988186,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.925239,
     "low": 0.850288,
     "high": 0.976371,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.975,
     "low": 0.925,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.9875,
     "low": 0.9625,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.95,
     "low": 0.875,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.95,
     "low": 0.875,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.816394,
     "low": 0.803785,
     "high": 0.828084,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.180586,
     "low": 0.155294,
     "high": 0.205339,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.326016,
     "low": 0.302999,
     "high": 0.348323,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.187887,
     "low": 0.125467,
     "high": 0.257346,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 1.78431,
     "low": 1.04444,
     "high": 2.83597,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.390625,
     "low": 0.31875,
     "high": 0.46875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.075,
     "low": 0,
     "high": 0.175,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.798515,
     "low": 0.747384,
     "high": 0.846145,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 85.585,
    "generate_seconds": 35.288,
    "peak_memory_bytes": 1677062144,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth",
   "parameters": "lr0.001_steps400",
   "label": "dreambooth",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.001,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth lr0.001",
   "cells": [
    5
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.838084,
     "low": 0.714726,
     "high": 0.937113,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.826167,
     "low": 0.704451,
     "high": 0.924226,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.85,
     "low": 0.725,
     "high": 0.95,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.95,
     "low": 0.90625,
     "high": 0.9875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.85,
     "low": 0.725,
     "high": 0.95,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.85,
     "low": 0.725,
     "high": 0.95,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.605726,
     "low": 0.546775,
     "high": 0.661891,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.189649,
     "low": 0.166619,
     "high": 0.213929,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.322288,
     "low": 0.290551,
     "high": 0.35285,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.340263,
     "low": 0.254176,
     "high": 0.426708,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.26334,
     "low": 1.37329,
     "high": 3.39084,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.646875,
     "low": 0.54375,
     "high": 0.75,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.4,
     "low": 0.25,
     "high": 0.55,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.90447,
     "low": 0.870063,
     "high": 0.934672,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 98.493,
    "generate_seconds": 32.487,
    "peak_memory_bytes": 1611227136,
    "trainable_parameters": 8953640,
    "weight_bytes": 49186388,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth",
   "parameters": "lr0.0005_steps400",
   "label": "dreambooth",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.0005,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth lr0.0005",
   "cells": [
    4
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.357882,
     "low": 0.213842,
     "high": 0.510184,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.340763,
     "low": 0.201677,
     "high": 0.487187,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.375,
     "low": 0.225,
     "high": 0.525,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.48125,
     "low": 0.325,
     "high": 0.63125,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.375,
     "low": 0.225,
     "high": 0.525,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.375,
     "low": 0.225,
     "high": 0.525,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.621481,
     "low": 0.553646,
     "high": 0.684758,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.0855863,
     "low": 0.0501067,
     "high": 0.122612,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.0956279,
     "low": 0.00984761,
     "high": 0.179888,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.334367,
     "low": 0.226341,
     "high": 0.445151,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.11806,
     "low": 1.19969,
     "high": 3.50316,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.3625,
     "low": 0.25625,
     "high": 0.471875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.125,
     "low": 0.025,
     "high": 0.225,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.607391,
     "low": 0.485953,
     "high": 0.721532,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 97.879,
    "generate_seconds": 31.614,
    "peak_memory_bytes": 1684529152,
    "trainable_parameters": 8953640,
    "weight_bytes": 49186388,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth_lora",
   "parameters": "lr0.003_steps400",
   "label": "dreambooth_lora",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.003,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth_lora lr0.003",
   "cells": [
    8
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.269033,
     "low": 0.143259,
     "high": 0.415065,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.263067,
     "low": 0.136517,
     "high": 0.405131,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.275,
     "low": 0.15,
     "high": 0.425,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.3125,
     "low": 0.175,
     "high": 0.45625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.275,
     "low": 0.15,
     "high": 0.425,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.275,
     "low": 0.15,
     "high": 0.425,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.603678,
     "low": 0.550938,
     "high": 0.657274,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.07755,
     "low": 0.0419092,
     "high": 0.115425,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.0686863,
     "low": -0.00529607,
     "high": 0.141106,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.330319,
     "low": 0.239978,
     "high": 0.421987,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.27545,
     "low": 1.11423,
     "high": 3.14875,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.29375,
     "low": 0.196875,
     "high": 0.403125,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.1,
     "low": 0.025,
     "high": 0.2,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.560291,
     "low": 0.448071,
     "high": 0.668928,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 87.172,
    "generate_seconds": 38.276,
    "peak_memory_bytes": 1680576512,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth_lora",
   "parameters": "lr0.01_steps400",
   "label": "dreambooth_lora",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.01,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth_lora lr0.01",
   "cells": [
    9
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.0240689,
     "low": 4.32365e-05,
     "high": 0.0598199,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.0481378,
     "low": 8.64729e-05,
     "high": 0.11964,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.4925,
     "low": 0.38625,
     "high": 0.59875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.05,
     "low": 0,
     "high": 0.125,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.205775,
     "low": 0.110822,
     "high": 0.305106,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.148687,
     "low": 0.117642,
     "high": 0.179311,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.287183,
     "low": 0.247741,
     "high": 0.322411,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.507969,
     "low": 0.4645,
     "high": 0.555048,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 3.43813,
     "low": 3.1368,
     "high": 3.68724,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.3125,
     "low": 0.271875,
     "high": 0.353125,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.792707,
     "low": 0.757892,
     "high": 0.827253,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 83.047,
    "generate_seconds": 36.268,
    "peak_memory_bytes": 1715437568,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "base",
   "parameters": "",
   "label": "base",
   "kind": "base",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": null,
   "steps": null,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld base ",
   "cells": [
    0
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.16875,
     "low": 0.1125,
     "high": 0.225,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.836435,
     "low": 0.825795,
     "high": 0.84596,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.184281,
     "low": 0.156455,
     "high": 0.211947,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.305199,
     "low": 0.282678,
     "high": 0.327491,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.234604,
     "low": 0.165483,
     "high": 0.309031,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.14958,
     "low": 1.36017,
     "high": 3.55315,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.2625,
     "low": 0.228125,
     "high": 0.296875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.720454,
     "low": 0.68262,
     "high": 0.756053,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 33.401,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "base_raw",
   "parameters": "",
   "label": "base_raw",
   "kind": "base_raw",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": null,
   "steps": null,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld base_raw ",
   "cells": [
    1
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.025,
     "low": 0,
     "high": 0.0625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.606682,
     "low": 0.561127,
     "high": 0.651573,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.026667,
     "low": -0.00453483,
     "high": 0.0591902,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": -0.0693242,
     "low": -0.124405,
     "high": -0.0116927,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.505411,
     "low": 0.385878,
     "high": 0.626335,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 3.10427,
     "low": 1.42587,
     "high": 4.57742,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.109375,
     "low": 0.06875,
     "high": 0.159375,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.308264,
     "low": 0.216775,
     "high": 0.407022,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 30.238,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "sibling",
   "parameters": "",
   "label": "sibling",
   "kind": "sibling",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 8,
   "clusters": 8,
   "lr": null,
   "steps": null,
   "pictures": true,
   "trajectory": "red_hugo_logo microworld sibling ",
   "cells": [
    2
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_text": {
     "value": 0.890721,
     "low": 0.867435,
     "high": 0.911903,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_image": {
     "value": 0.167805,
     "low": 0.11515,
     "high": 0.211158,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "dino": {
     "value": 0.313877,
     "low": 0.259043,
     "high": 0.368691,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 8,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       8
      ]
     ]
    },
    "diversity_features": {
     "value": 0.664756,
     "low": 0.592545,
     "high": 0.752217,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 4.79474,
     "low": null,
     "high": null,
     "n": 1,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.25,
     "low": 0.125,
     "high": 0.40625,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.715946,
     "low": 0.575643,
     "high": 0.866557,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 0.008,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "textual_inversion",
   "parameters": "lr0.01_steps400",
   "label": "textual_inversion",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.01,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld textual_inversion lr0.01",
   "cells": [
    10
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.2375,
     "low": 0.16875,
     "high": 0.3125,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.719322,
     "low": 0.646833,
     "high": 0.778484,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.148761,
     "low": 0.127085,
     "high": 0.170201,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.304788,
     "low": 0.277402,
     "high": 0.331708,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.389028,
     "low": 0.294158,
     "high": 0.489896,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 3.01309,
     "low": 1.27474,
     "high": 5.02933,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.321875,
     "low": 0.25,
     "high": 0.396875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.025,
     "low": 0,
     "high": 0.075,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.736503,
     "low": 0.685513,
     "high": 0.788474,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 64.104,
    "generate_seconds": 30.18,
    "peak_memory_bytes": 1693061120,
    "trainable_parameters": 1152,
    "weight_bytes": 4696,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "textual_inversion",
   "parameters": "lr0.05_steps400",
   "label": "textual_inversion",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.05,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld textual_inversion lr0.05",
   "cells": [
    11
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.24125,
     "low": 0.17875,
     "high": 0.31,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.727862,
     "low": 0.6669,
     "high": 0.779941,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.147256,
     "low": 0.127231,
     "high": 0.167067,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.303791,
     "low": 0.276338,
     "high": 0.330477,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.335015,
     "low": 0.252596,
     "high": 0.425184,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.68779,
     "low": 1.29579,
     "high": 4.67664,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.346875,
     "low": 0.278125,
     "high": 0.421875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.025,
     "low": 0,
     "high": 0.075,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.757721,
     "low": 0.704406,
     "high": 0.810568,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 62.935,
    "generate_seconds": 28.976,
    "peak_memory_bytes": 1669050368,
    "trainable_parameters": 1152,
    "weight_bytes": 4696,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  }
 ],
 "cells": [
  {
   "cell": "base",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/fabff342c938295b",
     "started": "2026-11-21T12:38:20.705898+00:00",
     "seconds": 38.2575,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/594fd34015576f3b",
     "started": "2026-11-21T12:38:59.335240+00:00",
     "seconds": 0.119541,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/3957283b352ee67d",
     "started": "2026-11-21T12:38:59.461971+00:00",
     "seconds": 3.46532,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/194795af2016a842",
     "started": "2026-11-21T12:39:03.020227+00:00",
     "seconds": 0.108483,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/af72a4160e161125",
     "started": "2026-11-21T12:39:03.135177+00:00",
     "seconds": 2.20118,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/5993945ae484ab90",
     "started": "2026-11-21T12:39:05.395026+00:00",
     "seconds": 0.0260815,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/94334e92f77bca61",
     "started": "2026-11-21T12:39:05.457990+00:00",
     "seconds": 0.0306709,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/85f904be7e7e6c31",
     "started": "2026-11-21T12:39:05.530403+00:00",
     "seconds": 0.0128706,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/49500823dfd684fe",
     "started": "2026-11-21T12:39:05.570235+00:00",
     "seconds": 0.0168483,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "000-base.js"
  },
  {
   "cell": "base_raw",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/aa8898178ac197a1",
     "started": "2026-11-21T12:38:20.713257+00:00",
     "seconds": 35.1093,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/7485e8a8db79ed1c",
     "started": "2026-11-21T12:38:56.223394+00:00",
     "seconds": 0.14452,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/be7d4024b40de576",
     "started": "2026-11-21T12:38:56.396877+00:00",
     "seconds": 3.37215,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/84f0b0f4985ca0d7",
     "started": "2026-11-21T12:38:59.790616+00:00",
     "seconds": 0.0898184,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/1439ebf7970aa572",
     "started": "2026-11-21T12:38:59.915236+00:00",
     "seconds": 2.20106,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/38c44c3b8e57131e",
     "started": "2026-11-21T12:39:02.124535+00:00",
     "seconds": 0.0466264,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/a9721418f5a69e38",
     "started": "2026-11-21T12:39:02.195202+00:00",
     "seconds": 0.03504,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/fd7c5d001db19254",
     "started": "2026-11-21T12:39:02.239971+00:00",
     "seconds": 0.0318478,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/8364d731c8e8fe0c",
     "started": "2026-11-21T12:39:02.282039+00:00",
     "seconds": 0.017498,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "001-base_raw.js"
  },
  {
   "cell": "sibling",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/f993a02b194462c8",
     "started": "2026-11-21T12:39:02.580588+00:00",
     "seconds": 0.0151413,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/19f74a84171cc11c",
     "started": "2026-11-21T12:39:02.682467+00:00",
     "seconds": 0.0219097,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/8196be06a4348eb4",
     "started": "2026-11-21T12:39:02.709533+00:00",
     "seconds": 0.375986,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/f8ba1905e279db47",
     "started": "2026-11-21T12:39:03.107984+00:00",
     "seconds": 0.0191975,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/0d61e3c616db5bcb",
     "started": "2026-11-21T12:39:03.152135+00:00",
     "seconds": 0.0281723,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/1d0ffdd682f02d20",
     "started": "2026-11-21T12:39:03.201403+00:00",
     "seconds": 0.00878684,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/7c7c73905d014a5a",
     "started": "2026-11-21T12:39:03.228566+00:00",
     "seconds": 0.0102454,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/cb4975282c40bb93",
     "started": "2026-11-21T12:39:03.251852+00:00",
     "seconds": 0.0062326,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/3366472253aca44e",
     "started": "2026-11-21T12:39:03.281566+00:00",
     "seconds": 0.00674626,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "002-sibling.js"
  },
  {
   "cell": "real",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/7cb0acc7295fb283",
     "started": "2026-11-21T12:39:03.433934+00:00",
     "seconds": 0.00691019,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/2d19e1cb9c54a309",
     "started": "2026-11-21T12:39:03.499114+00:00",
     "seconds": 0.0192414,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/4a02f77efe8234d1",
     "started": "2026-11-21T12:39:03.534086+00:00",
     "seconds": 0.382743,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/80bc8dba2bcf53c2",
     "started": "2026-11-21T12:39:03.928638+00:00",
     "seconds": 1.19833,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/2c7c1561f3574151",
     "started": "2026-11-21T12:39:05.148531+00:00",
     "seconds": 0.0158801,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/89705e853460cdd1",
     "started": "2026-11-21T12:39:05.183129+00:00",
     "seconds": 0.00801786,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/4d37f735afe8428f",
     "started": "2026-11-21T12:39:05.196220+00:00",
     "seconds": 0.0106616,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/04f4d7e988c72c3d",
     "started": "2026-11-21T12:39:05.225861+00:00",
     "seconds": 0.00756322,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/37110deae999f85a",
     "started": "2026-11-21T12:39:05.267044+00:00",
     "seconds": 0.00723093,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "003-real.js"
  },
  {
   "cell": "dreambooth-lr0.0005_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/3cecaa0de46f0e3d",
     "started": "2026-11-21T12:39:40.113030+00:00",
     "seconds": 98.3396,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/9f0e4d25b1a00bf1",
     "started": "2026-11-21T12:41:18.598636+00:00",
     "seconds": 31.6907,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/75f4f89f9c73b4ac",
     "started": "2026-11-21T12:41:50.446483+00:00",
     "seconds": 0.0917686,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/5ab06efa28d97a01",
     "started": "2026-11-21T12:41:50.548313+00:00",
     "seconds": 2.41024,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/bbf05d7aeaba6c62",
     "started": "2026-11-21T12:41:53.025591+00:00",
     "seconds": 2.16132,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/593ed29872759202",
     "started": "2026-11-21T12:41:55.195362+00:00",
     "seconds": 0.0757874,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/a4ec94cff344ea60",
     "started": "2026-11-21T12:41:55.282313+00:00",
     "seconds": 0.0133937,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/eb45a1663ba98e0a",
     "started": "2026-11-21T12:41:55.309690+00:00",
     "seconds": 0.0257334,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/3660c9ed043df7a0",
     "started": "2026-11-21T12:41:55.347990+00:00",
     "seconds": 0.0188795,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/223cdecb4d9dba93",
     "started": "2026-11-21T12:41:55.388956+00:00",
     "seconds": 0.0124502,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "004-dreambooth-lr0.0005_steps400-seed0.js"
  },
  {
   "cell": "dreambooth-lr0.001_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/ea07e2dfa7e4cba3",
     "started": "2026-11-21T12:39:40.114713+00:00",
     "seconds": 98.9962,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/2827a65b5dc8f6d8",
     "started": "2026-11-21T12:41:19.268633+00:00",
     "seconds": 32.562,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/36fb02c6887ca71b",
     "started": "2026-11-21T12:41:51.924796+00:00",
     "seconds": 0.122267,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/fe9fb8b22ece1b0c",
     "started": "2026-11-21T12:41:52.069124+00:00",
     "seconds": 2.42687,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/e84f2726790d1145",
     "started": "2026-11-21T12:41:54.556266+00:00",
     "seconds": 5.22516,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/f655452fb88f1dc8",
     "started": "2026-11-21T12:41:59.813074+00:00",
     "seconds": 0.0763085,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/07273733edb2fb4a",
     "started": "2026-11-21T12:41:59.904313+00:00",
     "seconds": 0.0172242,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/b7ef2618a587657f",
     "started": "2026-11-21T12:41:59.950752+00:00",
     "seconds": 0.0267782,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/36e054687bbd330f",
     "started": "2026-11-21T12:42:00.006779+00:00",
     "seconds": 0.0138376,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/95fede3364428f40",
     "started": "2026-11-21T12:42:00.046663+00:00",
     "seconds": 0.0143524,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "005-dreambooth-lr0.001_steps400-seed0.js"
  },
  {
   "cell": "lora-lr0.001_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/8633feee5e256b8f",
     "started": "2026-11-21T12:41:55.568332+00:00",
     "seconds": 85.784,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/88e62eff78d06b25",
     "started": "2026-11-21T12:43:21.370821+00:00",
     "seconds": 35.4202,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/c0beb60ff8292130",
     "started": "2026-11-21T12:43:56.863203+00:00",
     "seconds": 0.0902789,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/94259cc2f6a60128",
     "started": "2026-11-21T12:43:56.964239+00:00",
     "seconds": 2.69119,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/11539525488a3425",
     "started": "2026-11-21T12:43:59.687388+00:00",
     "seconds": 6.02319,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/33d75c3fd59c95a6",
     "started": "2026-11-21T12:44:05.738505+00:00",
     "seconds": 0.0679577,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/7479920d333a7803",
     "started": "2026-11-21T12:44:05.818278+00:00",
     "seconds": 0.0103881,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/56dc69a5b43e651c",
     "started": "2026-11-21T12:44:05.858664+00:00",
     "seconds": 0.0243499,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/8ea2b4752165c1a9",
     "started": "2026-11-21T12:44:05.912331+00:00",
     "seconds": 0.0120052,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/3f682f475bfb0700",
     "started": "2026-11-21T12:44:05.957592+00:00",
     "seconds": 0.0105006,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "006-lora-lr0.001_steps400-seed0.js"
  },
  {
   "cell": "lora-lr0.003_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/b43dc976accc57d9",
     "started": "2026-11-21T12:42:00.223255+00:00",
     "seconds": 84.3068,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/4a170367c7d522be",
     "started": "2026-11-21T12:43:24.588321+00:00",
     "seconds": 37.6175,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/095845b34bc2f09c",
     "started": "2026-11-21T12:44:02.427876+00:00",
     "seconds": 0.0917857,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/6a52cf80a25d52ba",
     "started": "2026-11-21T12:44:02.532284+00:00",
     "seconds": 2.33719,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/048a48ead33889c2",
     "started": "2026-11-21T12:44:04.883996+00:00",
     "seconds": 6.35473,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/249286e4eb05682c",
     "started": "2026-11-21T12:44:11.273244+00:00",
     "seconds": 0.0743895,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/7854195273db543a",
     "started": "2026-11-21T12:44:11.402875+00:00",
     "seconds": 0.0126445,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/8f140e966d3268e8",
     "started": "2026-11-21T12:44:11.442733+00:00",
     "seconds": 0.0242604,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/b2623400756bb9dc",
     "started": "2026-11-21T12:44:11.490725+00:00",
     "seconds": 0.0124234,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/38ec4a68688c8bcb",
     "started": "2026-11-21T12:44:11.558716+00:00",
     "seconds": 0.0116718,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "007-lora-lr0.003_steps400-seed0.js"
  },
  {
   "cell": "dreambooth_lora-lr0.003_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/19a3c1a0b3a7c80a",
     "started": "2026-11-21T12:44:06.150301+00:00",
     "seconds": 87.3556,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/cdf9b9f6458fb6d9",
     "started": "2026-11-21T12:45:33.537890+00:00",
     "seconds": 38.4189,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/2b0116c089702dd6",
     "started": "2026-11-21T12:46:12.183279+00:00",
     "seconds": 0.0896186,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/97bea9baf0dcb49b",
     "started": "2026-11-21T12:46:12.366074+00:00",
     "seconds": 2.27789,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/c50aeac37a2f0c3e",
     "started": "2026-11-21T12:46:14.657101+00:00",
     "seconds": 1.62118,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/684a6a1a05954b4e",
     "started": "2026-11-21T12:46:16.286605+00:00",
     "seconds": 0.076994,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/be63035687ddfcef",
     "started": "2026-11-21T12:46:16.378782+00:00",
     "seconds": 0.013364,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/b35086e214ee32ed",
     "started": "2026-11-21T12:46:16.405410+00:00",
     "seconds": 0.0273221,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/b8d0aad2bdbaba52",
     "started": "2026-11-21T12:46:16.443601+00:00",
     "seconds": 0.014302,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/e15df2bab607e022",
     "started": "2026-11-21T12:46:16.468815+00:00",
     "seconds": 0.011377,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "008-dreambooth_lora-lr0.003_steps400-seed0.js"
  },
  {
   "cell": "dreambooth_lora-lr0.01_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/af74ca2cc27ac43c",
     "started": "2026-11-21T12:44:11.746272+00:00",
     "seconds": 83.2229,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/d5eb72f3934ba9e2",
     "started": "2026-11-21T12:45:35.001749+00:00",
     "seconds": 36.397,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/cacc2d4b930645bd",
     "started": "2026-11-21T12:46:11.655513+00:00",
     "seconds": 0.0934403,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/af104af2fdde6cf1",
     "started": "2026-11-21T12:46:11.794483+00:00",
     "seconds": 2.51088,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/e07ccadc2da9a160",
     "started": "2026-11-21T12:46:14.403823+00:00",
     "seconds": 0.308491,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/877f03b69d74ac00",
     "started": "2026-11-21T12:46:14.727223+00:00",
     "seconds": 0.0749378,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/93b3789d80a92d90",
     "started": "2026-11-21T12:46:14.840493+00:00",
     "seconds": 0.0112765,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/f93e6d2a1e309e1e",
     "started": "2026-11-21T12:46:14.863360+00:00",
     "seconds": 0.0214429,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/806dae49b2186ff5",
     "started": "2026-11-21T12:46:14.896915+00:00",
     "seconds": 0.0105699,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/10207877e88bdac9",
     "started": "2026-11-21T12:46:14.926827+00:00",
     "seconds": 0.00975352,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "009-dreambooth_lora-lr0.01_steps400-seed0.js"
  },
  {
   "cell": "textual_inversion-lr0.01_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/fa80b67dbe79d413",
     "started": "2026-11-21T12:46:15.186187+00:00",
     "seconds": 64.1601,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/d374c38962ffb0b3",
     "started": "2026-11-21T12:47:19.358752+00:00",
     "seconds": 30.224,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/fde7c4433a4d49ea",
     "started": "2026-11-21T12:47:49.663305+00:00",
     "seconds": 0.0887327,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/9f74da5fc4444c2b",
     "started": "2026-11-21T12:47:49.766329+00:00",
     "seconds": 2.48176,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/415900b8e17d47a0",
     "started": "2026-11-21T12:47:52.260607+00:00",
     "seconds": 0.0811511,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/81b25827e9f42e02",
     "started": "2026-11-21T12:47:52.349717+00:00",
     "seconds": 0.07298,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/86c05ce323a822b9",
     "started": "2026-11-21T12:47:52.430156+00:00",
     "seconds": 0.0118246,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/43561ff236da0a08",
     "started": "2026-11-21T12:47:52.449236+00:00",
     "seconds": 0.0245801,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/e45fd14fa81d5878",
     "started": "2026-11-21T12:47:52.481158+00:00",
     "seconds": 0.0120682,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/b853ca75be547e0f",
     "started": "2026-11-21T12:47:52.500261+00:00",
     "seconds": 0.0110022,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "010-textual_inversion-lr0.01_steps400-seed0.js"
  },
  {
   "cell": "textual_inversion-lr0.05_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/3325afbaa2286d76",
     "started": "2026-11-21T12:46:16.630699+00:00",
     "seconds": 62.9841,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/49b3625c167ea0a1",
     "started": "2026-11-21T12:47:19.631328+00:00",
     "seconds": 29.0184,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/0d943c9b95e76256",
     "started": "2026-11-21T12:47:48.707370+00:00",
     "seconds": 0.085193,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/c3bb816c5a8d3efd",
     "started": "2026-11-21T12:47:48.806749+00:00",
     "seconds": 2.43979,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/ea1692640954cb93",
     "started": "2026-11-21T12:47:51.263227+00:00",
     "seconds": 0.0749346,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/2a334e4f0980cd47",
     "started": "2026-11-21T12:47:51.358428+00:00",
     "seconds": 0.07115,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/a9d213a9454dc46d",
     "started": "2026-11-21T12:47:51.448601+00:00",
     "seconds": 0.0123339,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/05d31eeb0d0d86cf",
     "started": "2026-11-21T12:47:51.467901+00:00",
     "seconds": 0.0285088,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/b6140f0943bcc90f",
     "started": "2026-11-21T12:47:51.506057+00:00",
     "seconds": 0.0114736,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/f190421b9e456760",
     "started": "2026-11-21T12:47:51.534137+00:00",
     "seconds": 0.0107216,
     "device": "AMD EPYC",
     "commit": "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2",
     "dirty": false
    }
   ],
   "file": "011-textual_inversion-lr0.05_steps400-seed0.js"
  }
 ],
 "settings": {
  "keys": [
   "class_images.base",
   "class_images.device",
   "class_images.model.dtype",
   "class_images.model.family",
   "class_images.model.resolution_px",
   "class_images.sampler.batch_size",
   "class_images.sampler.guidance_scale",
   "class_images.sampler.negative_prompt",
   "class_images.sampler.num_inference_steps",
   "class_images.sampler.scheduler",
   "class_images.threads",
   "generate.base",
   "generate.device",
   "generate.model.dtype",
   "generate.model.family",
   "generate.model.resolution_px",
   "generate.real",
   "generate.sampler.batch_size",
   "generate.sampler.guidance_scale",
   "generate.sampler.negative_prompt",
   "generate.sampler.num_inference_steps",
   "generate.sampler.scheduler",
   "generate.sibling",
   "generate.size_px",
   "generate.threads",
   "override.method",
   "override.method.adapters.lora.alpha",
   "override.method.adapters.lora.rank",
   "override.method.adapters.lora.targets",
   "override.metric",
   "override.prompts",
   "override.sample.test_seeds",
   "override.sample.validation_seeds",
   "override.study",
   "override.subject",
   "override.threads",
   "override.train.batch_size",
   "override.train.lr",
   "override.train.mixed_precision",
   "override.train.steps",
   "score.clip_image.judge.device",
   "score.clip_image.judge.open_clip_torch",
   "score.clip_image.judge.torch",
   "score.clip_image.judge.weights",
   "score.clip_image.kind",
   "score.clip_image.metric_version",
   "score.clip_image.settings.batch_size",
   "score.clip_image.settings.device",
   "score.clip_image.settings.model",
   "score.clip_image.settings.pretrained",
   "score.clip_image.subject",
   "score.clip_text.judge.device",
   "score.clip_text.judge.open_clip_torch",
   "score.clip_text.judge.torch",
   "score.clip_text.judge.weights",
   "score.clip_text.kind",
   "score.clip_text.metric_version",
   "score.clip_text.settings.batch_size",
   "score.clip_text.settings.device",
   "score.clip_text.settings.model",
   "score.clip_text.settings.pretrained",
   "score.clip_text.subject",
   "score.dino.judge.onnxruntime",
   "score.dino.judge.pillow",
   "score.dino.judge.weights",
   "score.dino.kind",
   "score.dino.metric_version",
   "score.dino.settings.batch_size",
   "score.dino.settings.device",
   "score.dino.settings.model",
   "score.dino.subject",
   "score.diversity.judge.encoder.onnxruntime",
   "score.diversity.judge.encoder.pillow",
   "score.diversity.judge.encoder.weights",
   "score.diversity.judge.lpips",
   "score.diversity.kind",
   "score.diversity.metric_version",
   "score.diversity.settings.batch_size",
   "score.diversity.settings.device",
   "score.diversity.settings.lpips",
   "score.diversity.settings.model",
   "score.diversity.settings.pretrained",
   "score.diversity.subject",
   "score.diversity.validation_seeds",
   "score.logo.judge.detector.onnxruntime",
   "score.logo.judge.detector.weights",
   "score.logo.judge.rapidocr",
   "score.logo.kind",
   "score.logo.metric_version",
   "score.logo.settings.case",
   "score.logo.settings.confidence",
   "score.logo.settings.default",
   "score.logo.settings.easyocr_folder",
   "score.logo.settings.margin",
   "score.logo.settings.readers",
   "score.logo.settings.threads",
   "score.logo.settings.upscale_to_px",
   "score.logo.subject",
   "score.memorization.judge.onnxruntime",
   "score.memorization.judge.pillow",
   "score.memorization.judge.weights",
   "score.memorization.kind",
   "score.memorization.metric_version",
   "score.memorization.settings.batch_size",
   "score.memorization.settings.device",
   "score.memorization.settings.model",
   "score.memorization.settings.pretrained",
   "score.memorization.subject",
   "score.ocr.judge.rapidocr",
   "score.ocr.kind",
   "score.ocr.metric_version",
   "score.ocr.settings.case",
   "score.ocr.settings.default",
   "score.ocr.settings.easyocr_folder",
   "score.ocr.settings.readers",
   "score.ocr.settings.threads",
   "score.ocr.settings.upscale_to_px",
   "score.ocr.subject",
   "score.yolo.judge.onnxruntime",
   "score.yolo.judge.weights",
   "score.yolo.kind",
   "score.yolo.metric_version",
   "score.yolo.settings.floor",
   "score.yolo.settings.threads",
   "score.yolo.subject",
   "train.adapters.embedding.initializer",
   "train.adapters.embedding.lr",
   "train.adapters.embedding.vectors",
   "train.adapters.full.lr",
   "train.adapters.full.text_encoder_lr",
   "train.adapters.lora.alpha",
   "train.adapters.lora.lr",
   "train.adapters.lora.rank",
   "train.adapters.lora.targets",
   "train.adapters.lora.text_encoder_lr",
   "train.adapters.lora.text_encoder_rank",
   "train.base",
   "train.captions",
   "train.device",
   "train.model.dtype",
   "train.model.family",
   "train.model.resolution_px",
   "train.prior_weight",
   "train.subject",
   "train.threads",
   "train.train.batch_size",
   "train.train.cache",
   "train.train.gradient_accumulation_steps",
   "train.train.lr",
   "train.train.max_grad_norm",
   "train.train.mixed_precision",
   "train.train.schedule",
   "train.train.seed",
   "train.train.steps",
   "train.train.warmup_steps",
   "train.train.weight_decay"
  ],
  "common": {
   "score.clip_image.judge.device": "cpu",
   "score.clip_image.judge.open_clip_torch": "3.3.0",
   "score.clip_image.judge.torch": "2.15.0",
   "score.clip_image.judge.weights": "28bc3c81a6f1be343d4ee9589180113d4056ad505d34f5422f52dc5d07f8081e",
   "score.clip_image.kind": "clip_image",
   "score.clip_image.metric_version": "1",
   "score.clip_image.settings.batch_size": "16",
   "score.clip_image.settings.device": "auto",
   "score.clip_image.settings.model": "bundled:clip",
   "score.clip_image.settings.pretrained": "null",
   "score.clip_image.subject": "8e91e5353d3fff18",
   "score.clip_text.judge.device": "cpu",
   "score.clip_text.judge.open_clip_torch": "3.3.0",
   "score.clip_text.judge.torch": "2.15.0",
   "score.clip_text.judge.weights": "28bc3c81a6f1be343d4ee9589180113d4056ad505d34f5422f52dc5d07f8081e",
   "score.clip_text.kind": "clip_text",
   "score.clip_text.metric_version": "1",
   "score.clip_text.settings.batch_size": "16",
   "score.clip_text.settings.device": "auto",
   "score.clip_text.settings.model": "bundled:clip",
   "score.clip_text.settings.pretrained": "null",
   "score.clip_text.subject": "8e91e5353d3fff18",
   "score.dino.judge.onnxruntime": "1.31.1",
   "score.dino.judge.pillow": "13.0.0",
   "score.dino.judge.weights": "26713b5b039cd9c041235b82ba285ad11561ca213fe0d0e1e021e04adf28b09b",
   "score.dino.kind": "dino",
   "score.dino.metric_version": "1",
   "score.dino.settings.batch_size": "16",
   "score.dino.settings.device": "auto",
   "score.dino.settings.model": "bundled:encoder",
   "score.dino.subject": "8e91e5353d3fff18",
   "score.diversity.judge.encoder.onnxruntime": "1.31.1",
   "score.diversity.judge.encoder.pillow": "13.0.0",
   "score.diversity.judge.encoder.weights": "26713b5b039cd9c041235b82ba285ad11561ca213fe0d0e1e021e04adf28b09b",
   "score.diversity.judge.lpips": "null",
   "score.diversity.kind": "diversity",
   "score.diversity.metric_version": "1",
   "score.diversity.settings.batch_size": "16",
   "score.diversity.settings.device": "auto",
   "score.diversity.settings.lpips": "null",
   "score.diversity.settings.model": "bundled:encoder",
   "score.diversity.settings.pretrained": "null",
   "score.diversity.subject": "8e91e5353d3fff18",
   "score.logo.judge.detector.onnxruntime": "1.31.1",
   "score.logo.judge.detector.weights": "c580b51daf5a2cdebf9720eb584d62a7c9416246f2d8f58c0ebb96d3d5b8cb9d",
   "score.logo.judge.rapidocr": "[\"3.10.0\", \"1.31.1\"]",
   "score.logo.kind": "logo",
   "score.logo.metric_version": "1",
   "score.logo.settings.case": "ignore",
   "score.logo.settings.confidence": "0.25",
   "score.logo.settings.default": "rapidocr",
   "score.logo.settings.easyocr_folder": "null",
   "score.logo.settings.margin": "0.15",
   "score.logo.settings.readers": "[\"rapidocr\"]",
   "score.logo.settings.threads": "1",
   "score.logo.settings.upscale_to_px": "384",
   "score.logo.subject": "8e91e5353d3fff18",
   "score.memorization.judge.onnxruntime": "1.31.1",
   "score.memorization.judge.pillow": "13.0.0",
   "score.memorization.judge.weights": "26713b5b039cd9c041235b82ba285ad11561ca213fe0d0e1e021e04adf28b09b",
   "score.memorization.kind": "memorization",
   "score.memorization.metric_version": "1",
   "score.memorization.settings.batch_size": "16",
   "score.memorization.settings.device": "auto",
   "score.memorization.settings.model": "bundled:encoder",
   "score.memorization.settings.pretrained": "null",
   "score.memorization.subject": "8e91e5353d3fff18",
   "score.ocr.judge.rapidocr": "[\"3.10.0\", \"1.31.1\"]",
   "score.ocr.kind": "ocr",
   "score.ocr.metric_version": "1",
   "score.ocr.settings.case": "ignore",
   "score.ocr.settings.default": "rapidocr",
   "score.ocr.settings.easyocr_folder": "null",
   "score.ocr.settings.readers": "[\"rapidocr\"]",
   "score.ocr.settings.threads": "1",
   "score.ocr.settings.upscale_to_px": "384",
   "score.ocr.subject": "8e91e5353d3fff18",
   "score.yolo.judge.onnxruntime": "1.31.1",
   "score.yolo.judge.weights": "c580b51daf5a2cdebf9720eb584d62a7c9416246f2d8f58c0ebb96d3d5b8cb9d",
   "score.yolo.kind": "yolo",
   "score.yolo.metric_version": "1",
   "score.yolo.settings.floor": "0.001",
   "score.yolo.settings.threads": "1",
   "score.yolo.subject": "8e91e5353d3fff18"
  },
  "own": [
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "score.diversity.validation_seeds": "[0, 1, 2]"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "score.diversity.validation_seeds": "[0, 1, 2]"
   },
   {
    "generate.sibling": "0eb629c810218a39",
    "generate.size_px": "64"
   },
   {
    "generate.real": "8e91e5353d3fff18",
    "generate.size_px": "64"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.0005",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.full.lr": "null",
    "train.adapters.full.text_encoder_lr": "null",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.0005",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.001",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.full.lr": "null",
    "train.adapters.full.text_encoder_lr": "null",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.001",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.001",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"images\", null]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.001",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.003",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"images\", null]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.003",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth_lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.003",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.003",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth_lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.01",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.01",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "textual_inversion",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.01",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.embedding.initializer": "null",
    "train.adapters.embedding.lr": "null",
    "train.adapters.embedding.vectors": "6",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"templates\", [\"a {subject}\", \"the {subject}\", \"a photo of a {subject}\", \"a photo of the {subject}\"]]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.01",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "textual_inversion",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.05",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.embedding.initializer": "null",
    "train.adapters.embedding.lr": "null",
    "train.adapters.embedding.vectors": "6",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"templates\", [\"a {subject}\", \"the {subject}\", \"a photo of a {subject}\", \"a photo of the {subject}\"]]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.05",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   }
  ]
 },
 "made_with": [
  [
   "commit",
   "4b0ffc15be17f39c1c74d12a9b6b4a31618604e2"
  ],
  [
   "device",
   "AMD EPYC"
  ],
  [
   "python",
   "3.11.7"
  ],
  [
   "packages",
   "accelerate 1.15.0, diffusers 0.42.1, easyocr 1.7.2, hydra-core 1.3.8, hydra-joblib-launcher 1.2.0, hydra-submitit-launcher 1.2.0, Jinja2 3.1.6, matplotlib 3.11.2, numpy 2.4.6, omegaconf 2.3.1, onnx 1.23.2, onnxruntime 1.31.1, open_clip_torch 3.3.0, pandas 3.1.1, peft 0.21.2, pillow 13.0.0, pyarrow 26.0.1, pytesseract 0.3.13, PyYAML 6.0.3, RapidFuzz 3.14.6, rapidocr 3.10.0, rich 15.0.0, safetensors 0.8.0, scikit-image 0.26.0, scipy 1.17.1, tensorboard 2.21.0, torch 2.15.0, torchvision 0.29.2, transformers 5.23.0, ultralytics 8.4.190, wandb 0.31.0"
  ],
  [
   "scoring",
   "yolo 535 images/s, ocr 20.8 images/s, logo 24.3 images/s, clip_text 112 images/s, clip_image 2.95e+03 images/s, dino 1.95e+03 images/s, diversity 3.45e+03 images/s, memorization 4.04e+03 images/s"
  ]
 ],
 "intervals": "Means over the images of the test seeds; in brackets the 95 % interval, a bootstrap over clusters. A\ncluster is one prompt with one image seed: 8 to 40 of them per row. Prompts are the study's fixed conditions, image\nseeds its random draws; images of replicates (other training seeds) fall into the same cluster, so the spread between\ntrainings is averaged, not shown. An image that could not be judged is left out and counted, never 0. \u2020 from fewer than 10 clusters: may be too narrow. \u2021 failed its audit: point at the title to see why."
};
